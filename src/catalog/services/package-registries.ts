/**
 * Public registries of packages. What publishes is known by the shape of its request (`package-shape.ts`), here as on any
 * other host; the rows are of what has a form of its own, and of signing in. The largest registries of some languages are not
 * here on purpose: their hosts belong to mirrors too, and the shape alone tells.
 */
import { knownByHost, type Route, type ServiceEntry, signIns } from '../service-entry.ts'

/** A registry to which nothing is sent but what publishes. */
const SENT_ONLY_TO_PUBLISH: readonly Route[] = [
  { methods: ['POST', 'PUT', 'PATCH', 'DELETE'], path: '/**', operation: 'package-publish' },
]

const DOCKER = knownByHost(
  'package-registry',
  { docker: ['docker.io', '*.docker.io', 'docker.com', '*.docker.com'] },
  signIns('/token', '/v2/users/login', '/v2/users/2fa-login', '/v2/auth/token'),
)

export const PACKAGE_REGISTRIES: readonly ServiceEntry[] = [
  ...DOCKER,
  ...knownByHost('package-registry', {
    quay: ['quay.io', '*.quay.io'],
    'google-artifacts': ['*.pkg.dev', 'gcr.io', '*.gcr.io'],
    'azure-containers': ['*.azurecr.io'],
    'aws-containers': ['public.ecr.aws'],
    'red-hat-containers': ['registry.redhat.io', 'registry.access.redhat.com'],
    'microsoft-containers': ['mcr.microsoft.com'],
    pythonhosted: ['files.pythonhosted.org'],
    crates: ['crates.io', '*.crates.io'],
    rubygems: ['rubygems.org', '*.rubygems.org'],
    nuget: ['nuget.org', '*.nuget.org'],
    'powershell-gallery': ['powershellgallery.com', 'www.powershellgallery.com'],
    chocolatey: ['push.chocolatey.org', 'community.chocolatey.org'],
    'maven-central': [
      'repo.maven.apache.org',
      'repo1.maven.org',
      'central.sonatype.com',
      'oss.sonatype.org',
      's01.oss.sonatype.org',
      'ossrh-staging-api.central.sonatype.com',
    ],
    'gradle-plugins': ['plugins.gradle.org'],
    jitpack: ['jitpack.io'],
    clojars: ['clojars.org', '*.clojars.org'],
    packagist: ['packagist.org', '*.packagist.org'],
    'go-modules': ['proxy.golang.org', 'sum.golang.org'],
    hex: ['hex.pm', '*.hex.pm'],
    'pub-dev': ['pub.dev', 'pub.dartlang.org'],
    jsr: ['jsr.io', '*.jsr.io'],
    cocoapods: ['trunk.cocoapods.org', 'cdn.cocoapods.org'],
    cran: ['cran.r-project.org'],
    'open-vsx': ['open-vsx.org'],
    'visual-studio-marketplace': ['marketplace.visualstudio.com'],
    artifacthub: ['artifacthub.io'],
    jfrog: ['*.jfrog.io'],
    cloudsmith: ['cloudsmith.io', '*.cloudsmith.io', 'cloudsmith.com', '*.cloudsmith.com'],
    packagecloud: ['packagecloud.io'],
    gemfury: ['*.fury.io', '*.fury.site'],
  }),
  ...knownByHost(
    'package-registry',
    {
      anaconda: ['anaconda.org', '*.anaconda.org'],
      'prefix-dev': ['prefix.dev', '*.prefix.dev'],
      hackage: ['hackage.haskell.org'],
      luarocks: ['luarocks.org'],
      'cran-submissions': ['xmpalantir.wu.ac.at'],
      'cpan-uploads': ['pause.perl.org'],
    },
    SENT_ONLY_TO_PUBLISH,
  ),
]
