import { createHash } from 'node:crypto';
import { toAllPermissions } from '../../src/config/schema-commands.ts';
import { promotionBranch } from '../../src/domain/branch-name.ts';
import { DEFAULT_PROMOTE_RULES } from '../../src/domain/promote-rule.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { readValues } from '../../src/manifests/read-values.ts';
import { decideAll } from '../../src/promotion/observe/decide.ts';
import { isAttested, readTrailers } from '../../src/promotion/observe/observe-pulls.ts';
import type { OwnCheck } from '../../src/promotion/ports/checks.ts';
import type { Commit, TreeEntry } from '../../src/promotion/ports/git.ts';
import type { Pull } from '../../src/promotion/ports/pulls.ts';
import type { Base, Candidate, OpenPromotion, Snapshot, Target } from '../../src/promotion/snapshot.ts';
import { facts } from '../domain/gates/support.ts';
import { environment, IMAGE } from '../domain/support.ts';

export const sha = (text: string) => createHash('sha1').update(text).digest('hex');

export function settings(more: Partial<Settings> = {}): Settings {
  return {
    environments: [environment('dev'), environment('prod', ['dev'])],
    overrides: [],
    applications: { include: ['**'], exclude: [] },
    promote: DEFAULT_PROMOTE_RULES,
    sources: [],
    labels: ['promotion'],
    mergeMethod: 'squash',
    permissions: toAllPermissions(),
    ...more,
  };
}

function commitOf(name: string, more: Partial<Commit> = {}): Commit {
  return {
    sha: sha(name),
    url: `https://github.example/acme/fleet/commit/${sha(name)}`,
    treeSha: sha(`tree of ${name}`),
    parents: [],
    message: name,
    authorLogin: null,
    committerLogin: null,
    authorName: 'somebody',
    committedAt: '2026-03-01T12:00:00Z',
    isSluices: false,
    files: [],
    ...more,
  };
}

export function baseOf(tree: TreeEntry[]): Base {
  const files = new Map(tree.map((entry) => [entry.path, entry]));
  return { repository: 'acme/fleet', branch: 'main', commit: commitOf('base'), tree, files };
}

const textOf = (tag: string) =>
  `# kept as it is\nimages:\n  - name: ${IMAGE}\n    newTag: "${tag}" # moved\n`;

function targetOf(name: string, tag: string): Target {
  const location = {
    application: 'checkout',
    environment: name,
    root: `apps/checkout/${name}`,
    isFile: false,
  };
  const path = `${location.root}/kustomization.yaml`;
  const text = textOf(tag);
  const held = readValues(DEFAULT_PROMOTE_RULES, location, [{ path, text }], []);
  return { location, held, texts: new Map([[path, text]]) };
}

/** What is due when `dev` and `prod` hold these tags, read and decided as in a reconcile; nothing is open yet. */
export function snapshotOf(tags: { dev: string; prod: string }, config: Settings = settings()): Snapshot {
  const targets = [targetOf('dev', tags.dev), targetOf('prod', tags.prod)];
  const paths = targets.flatMap(({ texts }) => [...texts.keys()]);
  const base = baseOf(
    paths.map((path) => ({ path, mode: '100644', type: 'blob', sha: sha(path), sizeBytes: 9 })),
  );
  const nothing = { open: null, openGroup: null, closed: null, origin: null, requestedBy: null };
  const decided = decideAll(config, targets, { builds: [], complete: new Set(), unknown: [] });
  const candidates = decided.map((each): Candidate => {
    return { ...each, ...nothing, facts: each.promotion ? facts() : null };
  });
  return {
    base,
    settings: config,
    targets,
    decided,
    candidates,
    strays: [],
    unasked: [],
    unreadable: [],
    leftovers: [],
    ended: [],
    unreported: [],
  };
}

/** The same with changes to what is due in `prod`. */
export function withProd(snapshot: Snapshot, change: Partial<Candidate>): Snapshot {
  const candidates = snapshot.candidates.map((candidate) =>
    candidate.environment.name === 'prod' ? { ...candidate, ...change } : candidate,
  );
  return { ...snapshot, candidates };
}

export const BRANCH = promotionBranch('checkout', 'prod');

export function pullOf(more: Partial<Pull> = {}): Pull {
  return {
    number: 7,
    url: 'https://github.example/acme/fleet/pull/7',
    title: 'Promote checkout to prod',
    body: '',
    branch: BRANCH,
    headSha: sha('head'),
    base: 'main',
    isOpen: true,
    isMerged: false,
    mergeCommitSha: null,
    isSluices: true,
    isFromFork: false,
    author: 'sluice[bot]',
    labels: ['promotion'],
    createdAt: '2026-03-01T12:00:00Z',
    mergedAt: null,
    closedAt: null,
    ...more,
  };
}

/** A pull request of the App whose head is a commit with this message, and what the App reported on it. */
export function openWith(message: string, body: string, check: OwnCheck | null): OpenPromotion {
  const head = commitOf('head', { message, isSluices: true, parents: [sha('base')] });
  const found = {
    pull: pullOf({ body }),
    head,
    trailers: readTrailers(head, BRANCH),
    group: null,
    mergeable: true,
    isBehind: false,
  };
  return {
    ...found,
    check,
    isShown: true,
    isAttested: isAttested(found, check ? [check] : []),
    facts: facts(),
  };
}

export function checkOf(more: Partial<OwnCheck>): OwnCheck {
  const state = { status: 'in_progress', conclusion: null, title: '', summary: '', text: '' } as const;
  return { id: 1, name: 'sluice/gates', externalId: '', ...state, ...more };
}
