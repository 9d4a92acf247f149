/** Files of CI, containers and infrastructure in which people leave credentials. */
import { draw } from '../fill.ts'
import { among, camel, type Container, kebab, snake, verbatim } from './container.ts'

const encoded = (value: string): string => Buffer.from(value).toString('base64')

export const DELIVERY: Readonly<Record<string, Container>> = {
  compose: verbatim(
    (fields, chance) =>
      `services:\n  ${draw('%role%', chance)}:\n    image: ${draw('%company%/%app%:%version%', chance)}\n    restart: unless-stopped\n    environment:\n${among(
        fields,
        chance,
      )
        .map(([name, value]) => `      ${name}: "${value}"`)
        .join('\n')}\n    ports:\n      - "8080:8080"\n`,
  ),
  'compose-list': verbatim(
    (fields, chance) =>
      `version: '3.8'\nservices:\n  app:\n    build: .\n    environment:\n${among(fields, chance)
        .map(([name, value]) => `      - ${name}=${value}`)
        .join('\n')}\n    volumes:\n      - ./data:/var/lib/${draw('%app%', chance)}\n`,
  ),
  'kubernetes-secret': (leak, chance) => ({
    text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${draw('%app%-%role%', chance)}\n  namespace: ${draw('%company%', chance)}\ntype: Opaque\ndata:\n${leak.fields.map((field) => `  ${kebab(field.name)}: ${encoded(field.value)}`).join('\n')}\n`,
    secrets: leak.fields.filter((field) => field.secrets.length > 0).map((field) => encoded(field.value)),
  }),
  'kubernetes-string-data': verbatim(
    (fields, chance) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${draw('%app%', chance)}\nstringData:\n${fields.map((field) => `  ${field.name}: "${field.value}"`).join('\n')}\n`,
  ),
  'kubernetes-env': verbatim(
    (fields, chance) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${draw('%app%', chance)}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${draw('%role%', chance)}\n          image: ${draw('ghcr.io/%company%/%app%:%version%', chance)}\n          env:\n${among(
        fields,
        chance,
      )
        .map(([name, value]) => `            - name: ${name}\n              value: "${value}"`)
        .join('\n')}\n`,
  ),
  'helm-values': verbatim(
    (fields, chance) =>
      `replicaCount: 2\nimage:\n  repository: ${draw('%company%/%app%', chance)}\n  tag: ${draw('%version%', chance)}\nconfig:\n${among(
        fields,
        chance,
      )
        .map(([name, value]) => `  ${camel(name)}: ${value}`)
        .join('\n')}\n`,
  ),
  terraform: verbatim(
    (fields, chance) =>
      `provider "${draw('%company%', chance)}" {\n${fields.map((field) => `  ${snake(field.name)} = "${field.value}"`).join('\n')}\n}\n\nresource "null_resource" "${draw('%app%', chance)}" {\n  triggers = { build = "${draw('%version%', chance)}" }\n}\n`,
  ),
  'terraform-variable': verbatim((fields) =>
    fields
      .map((field) => `variable "${snake(field.name)}" {\n  type    = string\n  default = "${field.value}"\n}\n`)
      .join('\n'),
  ),
  tfvars: verbatim(
    (fields, chance) =>
      `region = "${draw('%region%', chance)}"\n${fields.map((field) => `${snake(field.name).padEnd(28)}= "${field.value}"`).join('\n')}\n`,
  ),
  'terraform-state': verbatim((fields, chance) =>
    JSON.stringify(
      {
        version: 4,
        terraform_version: '1.7.4',
        serial: chance.between(1, 90),
        lineage: draw('%uuid%', chance),
        outputs: Object.fromEntries(
          fields.map((field) => [snake(field.name), { value: field.value, type: 'string', sensitive: true }]),
        ),
        resources: [],
      },
      null,
      2,
    ),
  ),
  'ansible-vars': verbatim(
    (fields, chance) =>
      `---\n- hosts: ${draw('%role%', chance)}\n  become: true\n  vars:\n${among(fields, chance)
        .map(([name, value]) => `    ${snake(name)}: "${value}"`)
        .join('\n')}\n  roles:\n    - common\n`,
  ),
  'ansible-inventory': verbatim(
    (fields, chance) =>
      `[${draw('%role%', chance)}]\n${draw('%host%', chance)} ${fields.map((field) => `${snake(field.name)}='${field.value}'`).join(' ')}\n`,
  ),
  dockerfile: verbatim(
    (fields, chance) =>
      `FROM node:22-slim\nWORKDIR /srv\nCOPY package*.json ./\n${fields.map((field) => `ENV ${field.name}=${field.value}`).join('\n')}\nRUN npm ci --omit=dev\nCMD ["node", "${draw('%app%', chance)}.js"]\n`,
  ),
  'dockerfile-arg': verbatim(
    (fields) =>
      `FROM python:3.12\n${fields.map((field) => `ARG ${field.name}="${field.value}"`).join('\n')}\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n`,
  ),
  systemd: verbatim(
    (fields, chance) =>
      `[Unit]\nDescription=${draw('%app% %role%', chance)}\nAfter=network.target\n\n[Service]\n${fields.map((field) => `Environment="${field.name}=${field.value}"`).join('\n')}\nExecStart=/usr/bin/${draw('%app%', chance)}\nRestart=always\n`,
  ),
  'cloud-init': verbatim(
    (fields, chance) =>
      `#cloud-config\npackages: [curl, jq]\nwrite_files:\n  - path: /etc/${draw('%app%', chance)}.env\n    permissions: '0600'\n    content: |\n${fields.map((field) => `      ${field.name}=${field.value}`).join('\n')}\nruncmd:\n  - systemctl restart app\n`,
  ),
  cloudformation: verbatim(
    (fields, chance) =>
      `Resources:\n  ${draw('%company%', chance)}Function:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.12\n      Handler: app.handler\n      Environment:\n        Variables:\n${fields.map((field) => `          ${field.name}: ${field.value}`).join('\n')}\n`,
  ),
  serverless: verbatim(
    (fields, chance) =>
      `service: ${draw('%app%', chance)}\nprovider:\n  name: aws\n  runtime: nodejs22.x\n  environment:\n${fields.map((field) => `    ${field.name}: '${field.value}'`).join('\n')}\nfunctions:\n  hello:\n    handler: index.handler\n`,
  ),
  'github-actions': verbatim(
    (fields, chance) =>
      `name: deploy\non:\n  push:\n    branches: [main]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    env:\n${fields.map((field) => `      ${field.name}: ${field.value}`).join('\n')}\n    steps:\n      - uses: actions/checkout@v4\n      - run: make ${draw('%verb%', chance)}\n`,
  ),
  'gitlab-ci': verbatim(
    (fields, chance) =>
      `stages: [build, deploy]\nvariables:\n${among(fields, chance)
        .map(([name, value]) => `  ${name}: "${value}"`)
        .join('\n')}\ndeploy:\n  stage: deploy\n  script:\n    - ./deploy.sh ${draw('%role%', chance)}\n`,
  ),
  circleci: verbatim(
    (fields, chance) =>
      `version: 2.1\njobs:\n  test:\n    docker:\n      - image: cimg/node:22.1\n        environment:\n${fields.map((field) => `          ${field.name}: ${field.value}`).join('\n')}\n    steps:\n      - checkout\n      - run: npm run ${draw('%verb%', chance)}\n`,
  ),
  jenkinsfile: verbatim(
    (fields, chance) =>
      `pipeline {\n  agent any\n  environment {\n${fields.map((field) => `    ${field.name} = '${field.value}'`).join('\n')}\n  }\n  stages {\n    stage('Build') { steps { sh 'make ${draw('%noun%', chance)}' } }\n  }\n}\n`,
  ),
  'azure-pipelines': verbatim(
    (fields) =>
      `trigger:\n- main\npool:\n  vmImage: ubuntu-latest\nvariables:\n${fields.map((field) => `- name: ${field.name}\n  value: '${field.value}'`).join('\n')}\nsteps:\n- script: dotnet build\n`,
  ),
  'bitbucket-pipelines': verbatim(
    (fields, chance) =>
      `pipelines:\n  default:\n    - step:\n        name: ${draw('%verb% %noun%', chance)}\n        script:\n${fields.map((field) => `          - export ${field.name}="${field.value}"`).join('\n')}\n          - ./publish.sh\n`,
  ),
  makefile: verbatim(
    (fields, chance) =>
      `${fields.map((field) => `${field.name} ?= ${field.value}`).join('\n')}\n\n.PHONY: deploy\ndeploy:\n\t./bin/deploy ${draw('%role%', chance)}\n`,
  ),
}
