import { BOT, type Expected, INSTALLATION_ID } from './support.ts';

/** SHA of an object of the tests: the same digit forty times. */
export const sha = (digit: string) => digit.repeat(40);

export const REPO = '/repos/acme/gitops';
export const BRANCH = 'sluice/checkout/staging';
export const BASE = sha('a');
export const BASE_TREE = sha('b');
export const NEW_TREE = sha('c');
export const HEAD = sha('d');
const CONFIG_BLOB = sha('1');
const DEV_BLOB = sha('2');
const STAGING_BLOB = sha('3');

export const STAGING_PATH = 'apps/checkout/overlays/staging/kustomization.yaml';
const DEV_PATH = 'apps/checkout/overlays/dev/kustomization.yaml';

export const kustomization = (tag: string) =>
  `resources:\n  - ../../base\nimages:\n  - name: acme/checkout\n    newTag: ${tag}\n`;

const config = (gates: string) => `path: apps/{app}/overlays/{env}
environments:
  dev:
  staging:
    from: dev
    gates: ${gates}
labels: [sluice, promotion]
`;

const blob = (path: string, objectSha: string) => ({
  path,
  mode: '100644',
  type: 'blob',
  sha: objectSha,
  size: 90,
});
const base64 = (text: string) => ({ encoding: 'base64', content: Buffer.from(text).toString('base64') });

export const token: Expected = {
  request: `POST /app/installations/${INSTALLATION_ID}/access_tokens`,
  status: 201,
  reply: {
    token: 'ghs_of_the_tests',
    expires_at: '2999-01-01T00:00:00Z',
    permissions: {},
    repository_selection: 'all',
  },
};

/** The tip: a person moved dev from v1.4.1 to v1.4.2, and GitHub gives the patch. */
const tip: Expected = {
  request: `GET ${REPO}/commits/heads/main`,
  reply: {
    sha: BASE,
    html_url: `https://github.com/acme/gitops/commit/${BASE}`,
    author: { login: 'dana' },
    committer: { login: 'web-flow' },
    parents: [{ sha: sha('9') }],
    commit: {
      message: 'Take checkout v1.4.2 (#41)',
      tree: { sha: BASE_TREE },
      author: { name: 'Dana', date: '2026-01-01T00:00:00Z' },
      committer: { name: 'GitHub', date: '2026-01-01T00:00:00Z' },
      verification: { verified: true },
    },
    files: [
      {
        filename: DEV_PATH,
        status: 'modified',
        patch:
          '@@ -2,4 +2,4 @@ resources:\n   - ../../base\n images:\n   - name: acme/checkout\n-    newTag: v1.4.1\n+    newTag: v1.4.2',
      },
    ],
  },
};

const tree: Expected = {
  request: `GET ${REPO}/git/trees/${BASE_TREE}?recursive=1`,
  reply: {
    sha: BASE_TREE,
    truncated: false,
    tree: [
      blob('.github/sluice.yml', CONFIG_BLOB),
      blob(DEV_PATH, DEV_BLOB),
      blob(STAGING_PATH, STAGING_BLOB),
    ],
  },
};

const blobs = (gates: string): Expected[] =>
  [
    [CONFIG_BLOB, config(gates)] as const,
    [DEV_BLOB, kustomization('v1.4.2')] as const,
    [STAGING_BLOB, kustomization('v1.4.0')] as const,
  ].map(([objectSha, text]) => ({ request: `GET ${REPO}/git/blobs/${objectSha}`, reply: base64(text) }));

/** Nobody has ever held anything: there is no branch for it. */
export const noHolds: Expected = {
  request: `GET ${REPO}/git/ref/heads/sluice-state`,
  status: 404,
  reply: { message: 'Not Found' },
};

/** What is asked before anything is known: of the default branch, and whether there are holds. */
export const coldReads = (gates: string): Expected[] => [tip, tree, ...blobs(gates), noHolds];
/** The same when the objects are known: only whether the branch moved, and whether there are holds. */
export const warmReads: Expected[] = [tip, noHolds];

export const openPulls = (pulls: unknown[]): Expected => ({
  request: `GET ${REPO}/pulls?state=open&per_page=100`,
  reply: pulls,
});
export const noClosedPulls: Expected = {
  request: `GET ${REPO}/pulls?state=closed&head=acme:${BRANCH}&per_page=10`,
  reply: [],
};
export const checkRuns = (ref: string, runs: unknown[]): Expected => ({
  request: `GET ${REPO}/commits/${ref}/check-runs?filter=all&per_page=100`,
  reply: { total_count: runs.length, check_runs: runs },
});
export const checkRunsLater = (ref: string, runs: () => unknown[]): Expected => ({
  ...checkRuns(ref, []),
  reply: () => ({ total_count: runs().length, check_runs: runs() }),
});
export const noStatuses: Expected = {
  request: `GET ${REPO}/commits/${BASE}/statuses?per_page=100`,
  reply: [],
};

export const makesTree: Expected = {
  request: `POST ${REPO}/git/trees`,
  status: 201,
  reply: { sha: NEW_TREE },
};
export const makesCommit = (head: string): Expected => ({
  request: `POST ${REPO}/git/commits`,
  status: 201,
  reply: { sha: head },
});
export const makesBranch: Expected = {
  request: `POST ${REPO}/git/refs`,
  status: 201,
  reply: { ref: `refs/heads/${BRANCH}`, object: { sha: HEAD } },
};
export const branchTip: Expected = {
  request: `GET ${REPO}/git/ref/heads/${BRANCH}`,
  reply: { ref: `refs/heads/${BRANCH}`, object: { sha: HEAD } },
};
export const opensPull: Expected = {
  request: `POST ${REPO}/pulls`,
  status: 201,
  reply: { number: 8, html_url: 'https://github.com/acme/gitops/pull/8' },
};
export const labelsPull: Expected = { request: `POST ${REPO}/issues/8/labels`, reply: [] };
export const reports: Expected = { request: `POST ${REPO}/check-runs`, status: 201, reply: { id: 99 } };
/** Everything that one promotion writes. */
export const writes: Expected[] = [makesTree, makesCommit(HEAD), makesBranch, reports, opensPull, labelsPull];

/** The commit that the App made, as GitHub gives it back. */
export const promotionCommit = (message: () => string): Expected => ({
  request: `GET ${REPO}/commits/${HEAD}`,
  reply: () => ({
    sha: HEAD,
    html_url: `https://github.com/acme/gitops/commit/${HEAD}`,
    author: { login: BOT },
    committer: { login: 'web-flow' },
    parents: [{ sha: BASE }],
    commit: {
      message: message(),
      tree: { sha: NEW_TREE },
      author: { name: BOT, date: '2026-01-01T00:01:00Z' },
      committer: { name: 'GitHub', date: '2026-01-01T00:01:00Z' },
      verification: { verified: true },
    },
    files: [{ filename: STAGING_PATH, status: 'modified' }],
  }),
});

/** The pull request that the App opened, as GitHub lists it. */
export const promotionPull = ({ title, body }: { title: string; body: string }) => ({
  number: 8,
  html_url: 'https://github.com/acme/gitops/pull/8',
  state: 'open',
  title,
  body,
  user: { login: BOT },
  head: { ref: BRANCH, sha: HEAD, repo: { full_name: 'acme/gitops' } },
  base: { ref: 'main' },
  merged_at: null,
  merge_commit_sha: null,
  labels: [{ name: 'sluice' }, { name: 'promotion' }],
});

const STATE_TREE = sha('5');
const STATE_BLOB = sha('6');
const HOLDS = {
  version: 1,
  holds: [
    {
      application: 'checkout',
      environment: 'staging',
      until: null,
      reason: 'errors',
      by: 'dana',
      at: '2026-01-01T00:00:00.000Z',
      url: 'https://github.com/acme/gitops/issues/3#issuecomment-1',
    },
  ],
};

/** There are holds: where their branch stands. */
export const holdsTip: Expected = {
  request: `GET ${REPO}/git/ref/heads/sluice-state`,
  reply: { ref: 'refs/heads/sluice-state', object: { sha: sha('4') } },
};

/** What is asked of the holds before anything is known of them: the commit, its tree, and the file. */
export const coldHolds: Expected[] = [
  {
    request: `GET ${REPO}/commits/${sha('4')}`,
    reply: {
      sha: sha('4'),
      html_url: `https://github.com/acme/gitops/commit/${sha('4')}`,
      author: { login: BOT },
      committer: { login: 'web-flow' },
      parents: [],
      commit: {
        message: 'Hold checkout in staging until somebody resumes it\n\ndana: errors\n\nSluice-State: 1',
        tree: { sha: STATE_TREE },
        author: { name: BOT, date: '2026-01-01T00:00:00Z' },
        committer: { name: 'GitHub', date: '2026-01-01T00:00:00Z' },
        verification: { verified: true },
      },
      files: [{ filename: 'holds.json', status: 'added' }],
    },
  },
  {
    request: `GET ${REPO}/git/trees/${STATE_TREE}?recursive=1`,
    reply: { sha: STATE_TREE, truncated: false, tree: [blob('holds.json', STATE_BLOB)] },
  },
  { request: `GET ${REPO}/git/blobs/${STATE_BLOB}`, reply: base64(JSON.stringify(HOLDS)) },
];
