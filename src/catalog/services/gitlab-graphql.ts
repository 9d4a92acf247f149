/**
 * GitLab's GraphQL API (docs.gitlab.com/api/graphql/reference): the mutations that carry something out, and where they land.
 * It changes every month: what is not here is an `unknown-write`.
 */
import { byId, byName, landing, type Mutations, mutations } from '../graphql-mutation.ts'

const CODE = [
  byName('file-write', {
    commitCreate: 'projectPath',
    projectTextReplace: 'projectPath',
    projectBlobsRemove: 'projectPath',
    // They commit a configuration to a new branch.
    configureSast: 'projectPath',
    configureSastIac: 'projectPath',
    configureSecretDetection: 'projectPath',
  }),
  byName('ref-write', {
    createBranch: 'projectPath',
    branchDelete: 'projectPath',
    tagCreate: 'projectPath',
    tagDelete: 'projectPath',
    projectSyncFork: 'projectPath',
    mergeRequestAccept: 'projectPath',
  }),
  byName('release-upload', {
    releaseCreate: 'projectPath',
    releaseUpdate: 'projectPath',
    releaseDelete: 'projectPath',
    releaseAssetLinkCreate: 'projectPath',
  }),
  byId('release-upload', { releaseAssetLinkUpdate: 'id', releaseAssetLinkDelete: 'id' }),
  byName('file-upload', { designManagementUpload: 'projectPath', uploadDelete: 'projectPath' }),
  // A snippet without a project is its author's, and the id of one says neither.
  landing('unknown', 'gist-write', 'createSnippet updateSnippet destroySnippet markAsSpamSnippet'),
]

const DISCUSSION = [
  byName('issue-write', {
    createIssue: 'projectPath',
    updateIssue: 'projectPath',
    // It leaves the one and lands in the other.
    issueMove: 'targetProjectPath',
    issueSetAssignees: 'projectPath',
    issueSetConfidential: 'projectPath',
    issueSetCrmContacts: 'projectPath',
    issueSetDueDate: 'projectPath',
    issueSetEscalationStatus: 'projectPath',
    issueSetLocked: 'projectPath',
    issueSetSeverity: 'projectPath',
    issueSetSubscription: 'projectPath',
    createAlertIssue: 'projectPath',
    designManagementDelete: 'projectPath',
    mergeRequestCreate: 'projectPath',
    mergeRequestUpdate: 'projectPath',
    mergeRequestSetAssignees: 'projectPath',
    mergeRequestSetDraft: 'projectPath',
    mergeRequestSetLabels: 'projectPath',
    mergeRequestSetLocked: 'projectPath',
    mergeRequestSetMilestone: 'projectPath',
    mergeRequestSetReviewers: 'projectPath',
    mergeRequestSetSubscription: 'projectPath',
    mergeRequestReviewerRereview: 'projectPath',
  }),
  byId('issue-write', {
    createNote: 'noteableId',
    createDiscussion: 'noteableId',
    createDiffNote: 'noteableId',
    createImageDiffNote: 'noteableId',
    updateNote: 'id',
    updateImageDiffNote: 'id',
    repositionImageDiffNote: 'id',
    destroyNote: 'id',
    discussionToggleResolve: 'id',
    designManagementMove: 'id',
    designManagementUpdate: 'id',
    awardEmojiAdd: 'awardableId',
    awardEmojiRemove: 'awardableId',
    awardEmojiToggle: 'awardableId',
    timelineEventCreate: 'incidentId',
    timelineEventUpdate: 'id',
    timelineEventDestroy: 'id',
    timelineEventPromoteFromNote: 'noteId',
    timelogCreate: 'issuableId',
    timelogDelete: 'id',
    workItemDelete: 'id',
    labelUpdate: 'id',
  }),
  // Each may be a group's as well as a project's, and a work item can be moved or copied by its changes.
  landing('unknown', 'issue-write', 'workItemCreate workItemUpdate workItemCreateFromTask labelCreate createBoard'),
]

const AUTOMATION = [
  byName('ci-run', {
    pipelineCreate: 'projectPath',
    // A schedule runs by itself, with the variables that it was given.
    pipelineScheduleCreate: 'projectPath',
  }),
  byId('ci-run', {
    pipelineRetry: 'id',
    pipelineCancel: 'id',
    pipelineSchedulePlay: 'id',
    pipelineScheduleUpdate: 'id',
    pipelineScheduleDelete: 'id',
    pipelineScheduleTakeOwnership: 'id',
    jobPlay: 'id',
    jobRetry: 'id',
    jobCancel: 'id',
    jobUnschedule: 'id',
  }),
  byId('metadata-write', {
    pipelineDestroy: 'id',
    jobArtifactsDestroy: 'id',
    artifactDestroy: 'id',
    terraformStateDelete: 'id',
    terraformStateLock: 'id',
    terraformStateUnlock: 'id',
    starProject: 'projectId',
  }),
  byName('compute-admin', { createClusterAgent: 'projectPath' }),
  byId('compute-admin', { clusterAgentDelete: 'id' }),
  landing(
    'unknown',
    'compute-admin',
    'runnerCreate runnerUpdate runnerDelete bulkRunnerDelete runnerAssignToProject runnerUnassignFromProject',
  ),
]

const ADMINISTRATION = [
  byName('access-write', {
    // The token that starts pipelines from outside.
    pipelineTriggerCreate: 'projectPath',
    ciJobTokenScopeAddProject: 'projectPath',
    ciJobTokenScopeAddGroupOrProject: 'projectPath',
    ciJobTokenScopeRemoveProject: 'projectPath',
    ciJobTokenScopeRemoveGroup: 'projectPath',
  }),
  byId('access-write', {
    pipelineTriggerUpdate: 'id',
    pipelineTriggerDelete: 'id',
    clusterAgentTokenCreate: 'clusterAgentId',
    clusterAgentTokenRevoke: 'id',
    projectMemberBulkUpdate: 'projectId',
  }),
  landing('unknown', 'access-write', 'groupMemberBulkUpdate runnersRegistrationTokenReset'),
  byName('hook-add', { httpIntegrationCreate: 'projectPath', prometheusIntegrationCreate: 'projectPath' }),
  byId('hook-add', {
    httpIntegrationUpdate: 'id',
    httpIntegrationDestroy: 'id',
    httpIntegrationResetToken: 'id',
    prometheusIntegrationUpdate: 'id',
    prometheusIntegrationResetToken: 'id',
  }),
  byName('settings-write', {
    branchRuleCreate: 'projectPath',
    projectCiCdSettingsUpdate: 'fullPath',
    updateContainerExpirationPolicy: 'projectPath',
    environmentCreate: 'projectPath',
  }),
  byId('settings-write', {
    branchRuleUpdate: 'id',
    branchRuleDelete: 'id',
    environmentUpdate: 'id',
    environmentDelete: 'id',
    environmentStop: 'id',
  }),
  landing('none', 'settings-write', 'groupUpdate updateNamespacePackageSettings updateDependencyProxySettings'),
  landing(
    'unknown',
    'package-publish',
    `destroyPackage destroyPackages destroyPackageFile destroyPackageFiles destroyContainerRepository
     destroyContainerRepositoryTags`,
  ),
  landing('none', 'account-write', 'userPreferencesUpdate'),
  landing(
    'none',
    'metadata-write',
    'todoCreate todoMarkDone todoRestore todosMarkAllDone todoRestoreMany userCalloutCreate',
  ),
  landing('none', 'ai-prompt', 'aiAction'),
]

export const GITLAB_MUTATIONS: Mutations = mutations(...CODE, ...DISCUSSION, ...AUTOMATION, ...ADMINISTRATION)
