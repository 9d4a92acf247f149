/** Credentials of forges, CI systems, package registries and delivery tools. */
import { credential, known, secret } from './credential.ts'

export const FORGES = [
  credential(
    'github-pat',
    [secret('GITHUB_TOKEN GH_TOKEN GITHUB_PAT GH_PAT', 'ghp_%checked30%')],
    'git clone https://{0}@github.com/%company%/%app%.git',
    'curl -H "Authorization: token {0}" https://api.github.com/user/repos',
    "const octokit = new Octokit({ auth: '{0}' })",
    'git remote set-url origin https://%person%:{0}@github.com/%company%/%app%.git',
  ),
  credential(
    'github-fine-grained-pat',
    [secret('GITHUB_TOKEN GH_TOKEN', 'github_pat_11%k20%_%a59%')],
    'echo {0} | gh auth login --with-token',
    'docker login ghcr.io -u %person% -p {0}',
  ),
  credential(
    'github-app-token',
    [
      secret(
        'GITHUB_APP_TOKEN INSTALLATION_TOKEN GITHUB_OAUTH_TOKEN',
        'ghs_%checked30%',
        'gho_%checked30%',
        'ghu_%checked30%',
        'ghr_%checked70%',
      ),
    ],
    'git -c http.extraheader="Authorization: Bearer {0}" fetch origin',
  ),
  credential(
    'gitlab-pat',
    [secret('GITLAB_TOKEN GL_TOKEN GITLAB_PRIVATE_TOKEN', 'glpat-%w20%', 'glpat-%w27%.01.%l9%')],
    'curl --header "PRIVATE-TOKEN: {0}" https://gitlab.com/api/v4/projects',
    'git clone https://oauth2:{0}@gitlab.com/%company%/%app%.git',
  ),
  credential(
    'gitlab-token',
    [
      secret(
        'GITLAB_DEPLOY_TOKEN CI_RUNNER_TOKEN CI_TRIGGER_TOKEN',
        'gldt-%w20%',
        'glrt-%w20%',
        'glptt-%h40%',
        'glsoat-%w20%',
        'glft-%w20%',
      ),
    ],
    'gitlab-runner register --url https://gitlab.com --token {0} --executor docker',
  ),
  credential(
    'bitbucket-app-password',
    [known('BITBUCKET_USER', '%person%'), secret('BITBUCKET_APP_PASSWORD', 'ATBB%a24%%H8%')],
    'curl -u {0}:{1} https://api.bitbucket.org/2.0/repositories/%company%',
  ),
  credential(
    'atlassian-api-token',
    [
      known('JIRA_EMAIL ATLASSIAN_USER', '%email%'),
      secret('JIRA_API_TOKEN ATLASSIAN_API_TOKEN CONFLUENCE_TOKEN', 'ATATT3xFfGF0%w172%=%H8%', '%a24%'),
    ],
    'curl -u {0}:{1} https://%company%.atlassian.net/rest/api/3/myself',
  ),
  credential(
    'gitea-token',
    [secret('GITEA_TOKEN FORGEJO_TOKEN', '%h40%')],
    'curl -H "Authorization: token {0}" https://git.%domain%/api/v1/user',
  ),
  credential(
    'npm-token',
    [secret('NPM_TOKEN NODE_AUTH_TOKEN NPM_AUTH_TOKEN', 'npm_%checked30%')],
    'npm config set //%npmhost%/:_authToken {0}',
    'echo "//%npmhost%/:_authToken={0}" > ~/.npmrc',
  ),
  credential(
    'pypi-token',
    [secret('TWINE_PASSWORD PYPI_TOKEN PYPI_API_TOKEN', 'pypi-AgEIcHlwaS5vcmcC%w150-170%')],
    'twine upload -u __token__ -p {0} dist/*',
    'poetry config pypi-token.pypi {0}',
  ),
  credential(
    'rubygems-api-key',
    [secret('GEM_HOST_API_KEY RUBYGEMS_API_KEY', 'rubygems_%h48%')],
    'GEM_HOST_API_KEY={0} gem push %app%-%version%.gem',
  ),
  credential(
    'crates-io-token',
    [secret('CARGO_REGISTRY_TOKEN CRATES_TOKEN', 'cio%a32%')],
    'cargo publish --token {0}',
    'cargo login {0}',
  ),
  credential(
    'nuget-api-key',
    [secret('NUGET_API_KEY', 'oy2%y43%')],
    'dotnet nuget push out/%app%.nupkg -k {0} -s https://api.nuget.org/v3/index.json',
  ),
  credential(
    'docker-hub-token',
    [known('DOCKERHUB_USERNAME', '%person%'), secret('DOCKERHUB_TOKEN DOCKER_PASSWORD', 'dckr_pat_%w27%')],
    'docker login -u {0} -p {1}',
    'echo {1} | docker login --username {0} --password-stdin',
  ),
  credential(
    'artifactory-token',
    [secret('ARTIFACTORY_API_KEY JFROG_TOKEN ARTIFACTORY_TOKEN', 'AKCp8%a68%', 'cmVmdGtuOjAxOj%a50%')],
    'curl -H "X-JFrog-Art-Api: {0}" -T %app%.jar https://%company%.jfrog.io/artifactory/libs/%app%.jar',
  ),
  credential('clojars-token', [secret('CLOJARS_PASSWORD CLOJARS_TOKEN', 'CLOJARS_%h60%')]),
  credential(
    'circleci-token',
    [secret('CIRCLECI_TOKEN CIRCLE_TOKEN', 'CCIPAT_%a22%_%h40%', '%h40%')],
    'curl -H "Circle-Token: {0}" https://circleci.com/api/v2/me',
  ),
  credential('buildkite-token', [secret('BUILDKITE_API_TOKEN BUILDKITE_AGENT_TOKEN', 'bkua_%h40%', 'bkaj_%w50%')]),
  credential(
    'jenkins-token',
    [known('JENKINS_USER', '%person%'), secret('JENKINS_API_TOKEN JENKINS_TOKEN', '11%h32%')],
    'curl -X POST -u {0}:{1} https://jenkins.%domain%/job/%app%/build',
  ),
  credential('codecov-token', [secret('CODECOV_TOKEN', '%uuid%')], 'bash <(curl -s https://codecov.io/bash) -t {0}'),
  credential(
    'sonar-token',
    [secret('SONAR_TOKEN SONAR_LOGIN', 'sqp_%h40%', 'squ_%h40%', '%h40%')],
    'mvn sonar:sonar -Dsonar.host.url=https://sonar.%domain% -Dsonar.login={0}',
  ),
  credential('snyk-token', [secret('SNYK_TOKEN', '%uuid%')], 'snyk auth {0}'),
  credential(
    'terraform-cloud-token',
    [secret('TF_TOKEN_app_terraform_io TFE_TOKEN TF_API_TOKEN', '%a14%.atlasv1.%w67%')],
    'curl -H "Authorization: Bearer {0}" https://app.terraform.io/api/v2/organizations',
  ),
  credential(
    'vault-token',
    [secret('VAULT_TOKEN', 'hvs.%w95%', 's.%a24%', 'hvb.%w140%')],
    'vault login {0}',
    'curl -H "X-Vault-Token: {0}" https://vault.%domain%:8200/v1/secret/data/%app%',
  ),
  credential(
    'doppler-token',
    [secret('DOPPLER_TOKEN', 'dp.pt.%a43%', 'dp.st.prd.%a43%')],
    'doppler run --token {0} -- npm start',
  ),
  credential('onepassword-service-token', [secret('OP_SERVICE_ACCOUNT_TOKEN', 'ops_eyJ%w250-300%')]),
  credential('pulumi-token', [secret('PULUMI_ACCESS_TOKEN', 'pul-%h40%')]),
  credential(
    'databricks-token',
    [known('DATABRICKS_HOST', 'https://adb-%d16%.%d1%.azuredatabricks.net'), secret('DATABRICKS_TOKEN', 'dapi%h32%')],
    'curl -H "Authorization: Bearer {1}" {0}/api/2.0/clusters/list',
  ),
  credential(
    'tailscale-key',
    [secret('TS_AUTHKEY TAILSCALE_AUTH_KEY', 'tskey-auth-k%a11%CNTRL-%a32%', 'tskey-api-k%a11%CNTRL-%a32%')],
    'tailscale up --authkey={0} --hostname=%app%',
  ),
  credential('ngrok-token', [secret('NGROK_AUTHTOKEN', '2%a26%_%a21%')], 'ngrok config add-authtoken {0}'),
  credential('age-secret-key', [secret('SOPS_AGE_KEY AGE_KEY', 'AGE-SECRET-KEY-1%BECH58%')]),
]
