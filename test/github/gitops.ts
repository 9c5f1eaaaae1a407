import { blobSha } from '../../src/github/git-hash.ts';
import { packFiles } from './pack-files.ts';
import { BOT, DOWNLOADS, type Expected, INSTALLATION_ID } from './support.ts';

/** SHA of an object of the tests: the same digit forty times. */
export const sha = (digit: string) => digit.repeat(40);

export const REPO = '/repos/acme/gitops';
export const BRANCH = 'sluice/checkout/staging';
export const BASE = sha('a');
export const NEW_TREE = sha('c');
export const HEAD = sha('d');

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

const CONFIG_PATH = '.github/sluice.yml';

/** The files of the default branch, once dev holds a release. */
const filesOf = (gates: string, tag: string) => ({
  [CONFIG_PATH]: config(gates),
  [DEV_PATH]: kustomization(tag),
  [STAGING_PATH]: kustomization('v1.4.0'),
});
export const treeOf = (gates: string, tag = 'v1.4.2') => packFiles(filesOf(gates, tag)).tree;

/** A tip: a person moved dev to this tag from another, and GitHub gives the patch. */
const tipOf = (gates: string, at: string, parent: string, from: string, to: string): Expected => ({
  request: `GET ${REPO}/commits/heads/main`,
  reply: {
    sha: at,
    html_url: `https://github.com/acme/gitops/commit/${at}`,
    author: { login: 'dana' },
    committer: { login: 'web-flow' },
    parents: [{ sha: parent }],
    commit: {
      message: `Take checkout ${to} (#41)`,
      tree: { sha: treeOf(gates, to) },
      author: { name: 'Dana', date: '2026-01-01T00:00:00Z' },
      committer: { name: 'GitHub', date: '2026-01-01T00:00:00Z' },
      verification: { verified: true },
    },
    files: [
      {
        filename: DEV_PATH,
        status: 'modified',
        sha: blobSha(Buffer.from(kustomization(to))),
        patch: `@@ -2,4 +2,4 @@ resources:\n   - ../../base\n images:\n   - name: acme/checkout\n-    newTag: ${from}\n+    newTag: ${to}`,
      },
    ],
  },
});
const tip = (gates: string) => tipOf(gates, BASE, sha('9'), 'v1.4.1', 'v1.4.2');
/** The tip before: nothing is due there. */
const quietTip = (gates: string) => tipOf(gates, sha('9'), sha('8'), 'v1.3.9', 'v1.4.0');
/** It brings v1.4.2 right after the quiet one. */
const nextTip = (gates: string) => tipOf(gates, BASE, sha('9'), 'v1.4.0', 'v1.4.2');

/** The archive of a commit: a link, and what is behind it. */
const archiveOf = (at: string, gates: string, tag: string): Expected[] => [
  {
    request: `GET ${REPO}/tarball/${at}`,
    status: 302,
    headers: { location: `${DOWNLOADS}/acme/gitops/legacy.tar.gz/${at}?token=SHORT` },
    reply: '',
  },
  {
    request: `DOWNLOAD /acme/gitops/legacy.tar.gz/${at}?token=SHORT`,
    headers: { 'content-type': 'application/x-gzip' },
    reply: packFiles(filesOf(gates, tag)).archive,
  },
];
const noArchive: Expected = { ...archiveOf(BASE, '[]', 'v1.4.2')[0]!, status: 502, reply: 'Bad Gateway' };

const tree = (gates: string): Expected => ({
  request: `GET ${REPO}/git/trees/${treeOf(gates)}?recursive=1`,
  reply: {
    sha: treeOf(gates),
    truncated: false,
    tree: Object.entries(filesOf(gates, 'v1.4.2')).map(([path, text]) =>
      blob(path, blobSha(Buffer.from(text))),
    ),
  },
});

const blobs = (gates: string): Expected[] =>
  Object.values(filesOf(gates, 'v1.4.2')).map((text) => ({
    request: `GET ${REPO}/git/blobs/${blobSha(Buffer.from(text))}`,
    reply: base64(text),
  }));

/** Nobody has ever held anything: there is no branch for it. */
export const noHolds: Expected = {
  request: `GET ${REPO}/git/ref/heads/sluice-state`,
  status: 404,
  reply: { message: 'Not Found' },
};

/** What is asked before anything is known: of the default branch, and whether there are holds. */
export const coldReads = (gates: string): Expected[] => [
  tip(gates),
  ...archiveOf(BASE, gates, 'v1.4.2'),
  noHolds,
];
/** The same where GitHub has no archive to give. */
export const coldReadsOneByOne = (gates: string): Expected[] => [
  tip(gates),
  noArchive,
  tree(gates),
  ...blobs(gates),
  noHolds,
];
/** The same when the objects are known: only whether the branch moved, and whether there are holds. */
export const warmReads = (gates: string): Expected[] => [tip(gates), noHolds];
/** The first look at a branch where nothing is due. */
export const quietReads = (gates: string): Expected[] => [
  quietTip(gates),
  ...archiveOf(sha('9'), gates, 'v1.4.0'),
];
/** The look after that, when one commit brought a release: its tree and text come out of its patch. */
export const nextReads = (gates: string): Expected[] => [nextTip(gates), noHolds];

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
