/**
 * Which public code is indexed, and which is held against it: a pair of sets to tune with, another pair to report, and code that
 * nobody had looked at when everything was settled.
 */

export interface CodeSet {
  /** Under which its packages of npm are kept. */
  readonly name: string
  /** Source packages of Debian. */
  readonly debian: readonly string[]
  /** Packages of npm, with all that they depend on. */
  readonly npm: readonly string[]
  /** Whether the packages that this project installs belong to it. */
  readonly own: boolean
}

export interface Pair {
  readonly index: CodeSet
  readonly control: CodeSet
}

export const TUNING: Pair = {
  index: {
    name: 'tuning-index',
    debian: ['openssl', 'hugo', 'symfony', 'guava-libraries', 'groovy'],
    npm: ['webpack', 'eslint', 'rxjs', 'lodash', '@babel/core', '@babel/preset-env', 'express', 'mongoose'],
    own: false,
  },
  control: {
    name: 'tuning-control',
    debian: ['emacs', 'gnupg2', 'apache2', 'etcd', 'sympy', 'phpmyadmin', 'redmine', 'ant', 'ffmpeg'],
    npm: ['vue', 'moment', 'ramda', 'd3', 'fastify', 'sequelize', 'immutable'],
    own: false,
  },
}

export const REPORTED: Pair = {
  index: {
    name: 'reported-index',
    debian: ['linux', 'openjdk-17', 'golang-1.19', 'python-django', 'rails', 'mediawiki', 'postgresql-15'],
    npm: [
      'typescript',
      'antd',
      'date-fns',
      'three',
      'react-dom',
      '@angular/core',
      '@angular/common',
      '@nestjs/core',
      '@nestjs/common',
      'jest',
    ],
    own: true,
  },
  control: {
    name: 'reported-control',
    debian: [
      'qemu',
      'wireshark',
      'php8.2',
      'wordpress',
      'python3.11',
      'ruby3.1',
      'kubernetes',
      'libspring-java',
      'tomcat9',
      'samba',
    ],
    npm: ['@mui/material', 'prettier', 'jquery', 'svelte', 'rollup', 'mocha', 'koa', 'knex', 'pixi.js', 'leaflet'],
    own: false,
  },
}

export const HELD_OUT: Pair = {
  index: REPORTED.index,
  control: {
    name: 'held-out-control',
    debian: [
      'gimp',
      'vim',
      'git',
      'systemd',
      'blender',
      'mercurial',
      'pandas',
      'scikit-learn',
      'sqlalchemy',
      'roundcube',
      'netty',
      'maven',
      'syncthing',
      'docker.io',
    ],
    npm: ['mongodb', 'playwright-core', 'chart.js', 'echarts', 'monaco-editor', 'handlebars', 'inquirer', 'winston'],
    own: false,
  },
}
