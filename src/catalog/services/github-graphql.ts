/**
 * GitHub's GraphQL API (docs.github.com/graphql/reference/mutations): what each mutation does, and which fields of its input
 * say where it lands. A mutation that is not here is an `unknown-write`.
 */
import { byId, landing, type Mutations, mutations } from '../graphql-mutation.ts'

const CODE = [
  {
    createCommitOnBranch: {
      operation: 'file-write',
      ids: ['branch.id'],
      repositoryName: 'branch.repositoryNameWithOwner',
    },
  } satisfies Mutations,
  byId('ref-write', {
    createRef: 'repositoryId',
    updateRef: 'refId',
    updateRefs: 'repositoryId',
    deleteRef: 'refId',
    mergeBranch: 'repositoryId',
    createLinkedBranch: 'issueId repositoryId',
    mergePullRequest: 'pullRequestId',
    revertPullRequest: 'pullRequestId',
    updatePullRequestBranch: 'pullRequestId',
    // They merge later, with nobody asking again.
    enablePullRequestAutoMerge: 'pullRequestId',
    enqueuePullRequest: 'id',
  }),
]

const ISSUES = byId('issue-write', {
  // A parent shows the title of its children, in whichever repository it is.
  createIssue: 'repositoryId parentIssueId',
  updateIssue: 'id',
  closeIssue: 'issueId duplicateIssueId',
  reopenIssue: 'issueId',
  deleteIssue: 'issueId',
  pinIssue: 'issueId',
  unpinIssue: 'issueId',
  unmarkIssueAsDuplicate: 'canonicalId duplicateId',
  transferIssue: 'repositoryId',
  addSubIssue: 'issueId subIssueId',
  removeSubIssue: 'issueId subIssueId',
  reprioritizeSubIssue: 'issueId',
  deleteLinkedBranch: 'linkedBranchId',
  updateIssueComment: 'id',
  deleteIssueComment: 'id',
  addComment: 'subjectId',
  minimizeComment: 'subjectId',
  unminimizeComment: 'subjectId',
  addReaction: 'subjectId',
  removeReaction: 'subjectId',
  addUpvote: 'subjectId',
  removeUpvote: 'subjectId',
  lockLockable: 'lockableId',
  unlockLockable: 'lockableId',
  addAssigneesToAssignable: 'assignableId',
  removeAssigneesFromAssignable: 'assignableId',
  addLabelsToLabelable: 'labelableId',
  removeLabelsFromLabelable: 'labelableId',
  clearLabelsFromLabelable: 'labelableId',
  createLabel: 'repositoryId',
  updateLabel: 'id',
  deleteLabel: 'id',
})

const PULL_REQUESTS = byId('issue-write', {
  // The head is where the change comes from; it lands, as a proposal, in the base.
  createPullRequest: 'repositoryId',
  updatePullRequest: 'pullRequestId',
  closePullRequest: 'pullRequestId',
  reopenPullRequest: 'pullRequestId',
  convertPullRequestToDraft: 'pullRequestId',
  markPullRequestReadyForReview: 'pullRequestId',
  disablePullRequestAutoMerge: 'pullRequestId',
  dequeuePullRequest: 'id',
  requestReviews: 'pullRequestId',
  markFileAsViewed: 'pullRequestId',
  unmarkFileAsViewed: 'pullRequestId',
  addPullRequestReview: 'pullRequestId',
  updatePullRequestReview: 'pullRequestReviewId',
  submitPullRequestReview: 'pullRequestId pullRequestReviewId',
  dismissPullRequestReview: 'pullRequestReviewId',
  deletePullRequestReview: 'pullRequestReviewId',
  addPullRequestReviewComment: 'pullRequestId pullRequestReviewId inReplyTo',
  updatePullRequestReviewComment: 'pullRequestReviewCommentId',
  deletePullRequestReviewComment: 'id',
  addPullRequestReviewThread: 'pullRequestId pullRequestReviewId',
  addPullRequestReviewThreadReply: 'pullRequestReviewThreadId pullRequestReviewId',
  resolveReviewThread: 'threadId',
  unresolveReviewThread: 'threadId',
})

const DISCUSSIONS = byId('issue-write', {
  createDiscussion: 'repositoryId',
  updateDiscussion: 'discussionId',
  closeDiscussion: 'discussionId',
  reopenDiscussion: 'discussionId',
  deleteDiscussion: 'id',
  addDiscussionComment: 'discussionId replyToId',
  updateDiscussionComment: 'commentId',
  deleteDiscussionComment: 'id',
  markDiscussionCommentAsAnswer: 'id',
  unmarkDiscussionCommentAsAnswer: 'id',
  addDiscussionPollVote: 'pollOptionId',
})

// A board belongs to an owner; only what turns a card into an issue, or ties the board to a repository, lands in one.
const BOARDS = [
  byId('issue-write', {
    convertProjectCardNoteToIssue: 'repositoryId',
    convertProjectV2DraftIssueItemToIssue: 'repositoryId',
    linkProjectV2ToRepository: 'repositoryId',
    unlinkProjectV2FromRepository: 'repositoryId',
    linkRepositoryToProject: 'repositoryId',
    unlinkRepositoryFromProject: 'repositoryId',
  }),
  // An old board may be a repository's own, which neither its id nor its owner's tells.
  landing(
    'unknown',
    'issue-write',
    `createProject updateProject deleteProject cloneProject importProject addProjectColumn updateProjectColumn
     moveProjectColumn deleteProjectColumn addProjectCard updateProjectCard moveProjectCard deleteProjectCard`,
  ),
  landing(
    'none',
    'issue-write',
    `createProjectV2 copyProjectV2 updateProjectV2 deleteProjectV2 markProjectV2AsTemplate unmarkProjectV2AsTemplate
     linkProjectV2ToTeam unlinkProjectV2FromTeam addProjectV2DraftIssue updateProjectV2DraftIssue addProjectV2ItemById
     archiveProjectV2Item unarchiveProjectV2Item deleteProjectV2Item updateProjectV2ItemFieldValue
     clearProjectV2ItemFieldValue updateProjectV2ItemPosition createProjectV2Field updateProjectV2Field
     deleteProjectV2Field createProjectV2StatusUpdate updateProjectV2StatusUpdate deleteProjectV2StatusUpdate
     deleteProjectV2Workflow createTeamDiscussion updateTeamDiscussion deleteTeamDiscussion createTeamDiscussionComment
     updateTeamDiscussionComment deleteTeamDiscussionComment`,
  ),
  landing('none', 'access-write', 'updateProjectV2Collaborators'),
]

const AUTOMATION = [
  byId('ci-run', {
    // A deployment starts the workflows that wait for one.
    createDeployment: 'repositoryId',
    approveDeployments: 'workflowRunId',
    rejectDeployments: 'workflowRunId',
    rerequestCheckSuite: 'repositoryId',
  }),
  byId('metadata-write', {
    createDeploymentStatus: 'deploymentId',
    deleteDeployment: 'id',
    createCheckRun: 'repositoryId',
    updateCheckRun: 'repositoryId',
    createCheckSuite: 'repositoryId',
    dismissRepositoryVulnerabilityAlert: 'repositoryVulnerabilityAlertId',
    updateTopics: 'repositoryId',
    acceptTopicSuggestion: 'repositoryId',
    declineTopicSuggestion: 'repositoryId',
    updateSubscription: 'subscribableId',
    addStar: 'starrableId',
    removeStar: 'starrableId',
    updateUserListsForItem: 'itemId',
  }),
  landing('none', 'metadata-write', 'createUserList updateUserList deleteUserList'),
  landing('unknown', 'package-publish', 'deletePackageVersion'),
]

const REPOSITORIES = [
  landing('unknown', 'repo-create', 'createRepository cloneTemplateRepository'),
  // They bring repositories from elsewhere into an organization, which then names them.
  landing('unknown', 'repo-create', 'startRepositoryMigration startOrganizationMigration'),
  // An organization takes its repositories along.
  landing('unknown', 'repo-transfer', 'transferEnterpriseOrganization'),
  byId('settings-write', {
    updateRepository: 'repositoryId',
    archiveRepository: 'repositoryId',
    unarchiveRepository: 'repositoryId',
    setRepositoryInteractionLimit: 'repositoryId',
    updateRepositoryWebCommitSignoffSetting: 'repositoryId',
    updateCheckSuitePreferences: 'repositoryId',
    createBranchProtectionRule: 'repositoryId',
    updateBranchProtectionRule: 'branchProtectionRuleId',
    deleteBranchProtectionRule: 'branchProtectionRuleId',
    createRepositoryRuleset: 'sourceId',
    updateRepositoryRuleset: 'repositoryRulesetId',
    deleteRepositoryRuleset: 'repositoryRulesetId',
    createEnvironment: 'repositoryId',
    updateEnvironment: 'environmentId',
    deleteEnvironment: 'id',
    pinEnvironment: 'environmentId',
    reorderEnvironment: 'environmentId',
  }),
  byId('access-write', {
    updateTeamsRepository: 'repositoryId',
    // It lets an administrator into a repository of somebody else's.
    accessUserNamespaceRepository: 'repositoryId',
  }),
]

export const GITHUB_MUTATIONS: Mutations = mutations(
  ...CODE,
  ISSUES,
  PULL_REQUESTS,
  DISCUSSIONS,
  ...BOARDS,
  ...AUTOMATION,
  ...REPOSITORIES,
  // The rest is of accounts, organizations and enterprises, and lands in no repository.
  landing(
    'none',
    'access-write',
    `acceptEnterpriseAdministratorInvitation acceptEnterpriseMemberInvitation addEnterpriseOrganizationMember
     addEnterpriseSupportEntitlement cancelEnterpriseAdminInvitation cancelEnterpriseMemberInvitation
     grantEnterpriseOrganizationsMigratorRole grantMigratorRole inviteEnterpriseAdmin inviteEnterpriseMember
     regenerateEnterpriseIdentityProviderRecoveryCodes removeEnterpriseAdmin removeEnterpriseIdentityProvider
     removeEnterpriseMember removeEnterpriseSupportEntitlement removeOutsideCollaborator
     revokeEnterpriseOrganizationsMigratorRole revokeMigratorRole setEnterpriseIdentityProvider
     updateEnterpriseAdministratorRole updateEnterpriseOwnerOrganizationRole updateTeamReviewAssignment`,
  ),
  landing(
    'none',
    'settings-write',
    `addVerifiableDomain approveVerifiableDomain createIpAllowListEntry deleteIpAllowListEntry deleteVerifiableDomain
     regenerateVerifiableDomainToken setOrganizationInteractionLimit
     updateEnterpriseAllowPrivateRepositoryForkingSetting updateEnterpriseDefaultRepositoryPermissionSetting
     updateEnterpriseDeployKeySetting updateEnterpriseMembersCanChangeRepositoryVisibilitySetting
     updateEnterpriseMembersCanCreateRepositoriesSetting updateEnterpriseMembersCanDeleteIssuesSetting
     updateEnterpriseMembersCanDeleteRepositoriesSetting updateEnterpriseMembersCanInviteCollaboratorsSetting
     updateEnterpriseMembersCanMakePurchasesSetting updateEnterpriseMembersCanUpdateProtectedBranchesSetting
     updateEnterpriseMembersCanViewDependencyInsightsSetting updateEnterpriseOrganizationProjectsSetting
     updateEnterpriseProfile updateEnterpriseRepositoryProjectsSetting updateEnterpriseTeamDiscussionsSetting
     updateEnterpriseTwoFactorAuthenticationDisallowedMethodsSetting
     updateEnterpriseTwoFactorAuthenticationRequiredSetting updateIpAllowListEnabledSetting updateIpAllowListEntry
     updateIpAllowListForInstalledAppsEnabledSetting updateNotificationRestrictionSetting
     updateOrganizationAllowPrivateRepositoryForkingSetting updateOrganizationWebCommitSignoffSetting
     verifyVerifiableDomain`,
  ),
  landing(
    'none',
    'account-write',
    `abortQueuedMigrations abortRepositoryMigration changeUserStatus createAttributionInvitation
     createEnterpriseOrganization removeEnterpriseOrganization followOrganization followUser unfollowOrganization
     unfollowUser setUserInteractionLimit cancelSponsorship createSponsorsListing createSponsorship createSponsorships
     publishSponsorsTier retireSponsorsTier updatePatreonSponsorability updateSponsorshipPreferences`,
  ),
  // Its tokens open the repositories that are to be brought over.
  landing('none', 'secret-write', 'createMigrationSource'),
  // A tier may open a private repository to those who pay for it.
  landing('unknown', 'access-write', 'createSponsorsTier'),
)
