/** Links under the API's URL of a repository; where no value stands, the name says it: `forks_url` is `/forks`. */
const API_PATHS: Record<string, string | null> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: null,
  deployments_url: null,
  downloads_url: null,
  events_url: null,
  forks_url: null,
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: null,
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: null,
  merges_url: null,
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: null,
  statuses_url: '/statuses/{sha}',
  subscribers_url: null,
  subscription_url: null,
  tags_url: null,
  teams_url: null,
  trees_url: '/git/trees{/sha}',
};

/** All links of a repository: of the API, of its page, and for git. */
export function repositoryUrls(api: string, page: string): Record<string, string> {
  const ofApi = Object.entries(API_PATHS).map(([name, path]) => [
    name,
    api + (path ?? `/${name.replace(/_url$/, '')}`),
  ]);
  const { host, pathname } = new URL(page);
  return {
    html_url: page,
    url: api,
    ...(Object.fromEntries(ofApi) as Record<string, string>),
    clone_url: `${page}.git`,
    git_url: `git://${host}${pathname}.git`,
    ssh_url: `ssh://git@${host}${pathname}.git`,
    svn_url: page,
  };
}
