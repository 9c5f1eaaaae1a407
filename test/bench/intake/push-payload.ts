/** Of a repository, what its URLs end in: they are most of a payload. */
const LINKS =
  'forks keys{/key_id} collaborators{/collaborator} teams hooks issues/events{/number} events assignees{/user} branches{/branch} tags git/blobs{/sha} git/tags{/sha} git/refs{/sha} git/trees{/sha} statuses/{sha} languages stargazers contributors subscribers subscription commits{/sha} git/commits{/sha} comments{/number} issues/comments{/number} contents/{+path} compare/{base}...{head} merges {archive_format}{/ref} downloads issues{/number} pulls{/number} milestones{/number} notifications{?since,all,participating} labels{/name} releases{/id} deployments'.split(
    ' ',
  );

/** Body of a `push` to the default branch, about as large as GitHub's for one commit. */
export function makePushBody(
  repository: string,
  { sha, pushedAtS, installationId }: { sha: string; pushedAtS: number; installationId: number },
): string {
  const [owner = '', name = ''] = repository.split('/');
  const api = `https://api.github.com/repos/${repository}`;
  const person = { name: 'dan', email: 'dan@acme.example', username: 'dan' };
  const account = (login: string) => ({
    login,
    id: 1001,
    node_id: 'MDQ6VXNlcjEwMDE=',
    avatar_url: 'https://avatars.githubusercontent.com/u/1001?v=4',
    url: `https://api.github.com/users/${login}`,
    html_url: `https://github.com/${login}`,
    repos_url: `https://api.github.com/users/${login}/repos`,
    events_url: `https://api.github.com/users/${login}/events{/privacy}`,
    received_events_url: `https://api.github.com/users/${login}/received_events`,
    type: 'User',
    site_admin: false,
  });
  const commit = {
    id: sha,
    tree_id: sha,
    distinct: true,
    message: 'Release checkout v1.2.0 to dev\n\nBuilt by CI.',
    timestamp: new Date(pushedAtS * 1000).toISOString(),
    url: `https://github.com/${repository}/commit/${sha}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: ['apps/checkout/overlays/dev/kustomization.yaml'],
  };
  return JSON.stringify({
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: sha,
    repository: {
      id: 4004,
      node_id: 'MDEwOlJlcG9zaXRvcnk0MDA0',
      name,
      full_name: repository,
      private: true,
      owner: account(owner),
      html_url: `https://github.com/${repository}`,
      description: 'What runs where',
      fork: false,
      ...Object.fromEntries(
        LINKS.map((link) => [`${link.split(/[/{]/)[0]}_${link.length}_url`, `${api}/${link}`]),
      ),
      created_at: pushedAtS,
      pushed_at: pushedAtS,
      default_branch: 'main',
      visibility: 'private',
      master_branch: 'main',
      organization: owner,
    },
    pusher: person,
    organization: account(owner),
    sender: account('dan'),
    installation: { id: installationId, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNzc=' },
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${repository}/compare/${sha.slice(0, 12)}`,
    commits: [commit],
    head_commit: commit,
  });
}
