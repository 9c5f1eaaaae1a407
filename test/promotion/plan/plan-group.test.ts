import { groupBranch } from '../../../src/domain/branch-name.ts';
import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { GateFacts, HoldFact } from '../../../src/domain/gates/facts.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import { parseGroupTrailers } from '../../../src/domain/group-trailers.ts';
import { DEFAULT_PROMOTE_RULES } from '../../../src/domain/promote-rule.ts';
import { readValues } from '../../../src/manifests/read-values.ts';
import { decideAll } from '../../../src/promotion/observe/decide.ts';
import { plan } from '../../../src/promotion/plan/plan.ts';
import type { Action } from '../../../src/promotion/plan/plan-types.ts';
import { withHead } from '../../../src/promotion/plan/render-trace.ts';
import type {
  Candidate,
  OpenGroup,
  OpenPromotion,
  Snapshot,
  Target,
} from '../../../src/promotion/snapshot.ts';
import { facts } from '../../domain/gates/support.ts';
import { environment } from '../../domain/support.ts';
import { baseOf, checkOf, pullOf, settings, sha } from '../support.ts';

const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const HOUR_MS = 60 * 60_000;
const BRANCH = groupBranch('all', 'prod');
const CHECKS: GateSpec = { kind: 'checks', on: 'source', checks: [{ name: 'smoke', app: null }], accept: [] };

function targetOf(application: string, name: string, tag: string): Target {
  const root = `apps/${application}/${name}`;
  const location = { application, environment: name, root, isFile: false };
  const path = `${root}/kustomization.yaml`;
  const text = `images:\n  - name: ghcr.io/acme/${application}\n    newTag: ${tag}\n`;
  const held = readValues(DEFAULT_PROMOTE_RULES, location, [{ path, text }], []);
  return { location, held, texts: new Map([[path, text]]) };
}

/** All of these are due in prod as one group; `factsOf` tells what is known of each. */
function snapshotOf(
  applications: readonly string[],
  gates: GateSpec[],
  factsOf: (application: string) => Partial<GateFacts> = () => ({}),
): Snapshot {
  const targets = applications.flatMap((each) => [targetOf(each, 'dev', 'v2'), targetOf(each, 'prod', 'v1')]);
  const groups = [{ name: 'all', applications: ['**'] }];
  const config = settings({
    environments: [environment('dev'), environment('prod', ['dev'], { gates, groups })],
  });
  const paths = targets.flatMap(({ texts }) => [...texts.keys()]);
  const base = baseOf(
    paths.map((path) => ({ path, mode: '100644', type: 'blob', sha: sha(path), sizeBytes: 9 })),
  );
  const decided = decideAll(config, targets, { builds: [], complete: new Set(), unknown: [] });
  const candidates = decided.map(
    (each): Candidate => ({
      ...each,
      open: null,
      openGroup: null,
      closed: null,
      origin: null,
      requestedBy: null,
      facts: each.promotion ? facts(factsOf(each.application)) : null,
    }),
  );
  const nothing = { strays: [], unasked: [], unreadable: [], leftovers: [], ended: [], unreported: [] };
  return { base, settings: config, targets, decided, candidates, ...nothing };
}

function find<Kind extends Action['kind']>(snapshot: Snapshot, kind: Kind): Extract<Action, { kind: Kind }> {
  const { actions } = plan(snapshot, NOW_MS);
  const action = actions.find((each) => each.kind === kind);
  if (!action) throw new Error(`no ${kind} in ${actions.map((each) => each.kind)}`);
  return action as Extract<Action, { kind: Kind }>;
}

/** The same after its pull request was opened; `factsOf` tells what is known of the head of each. */
function openedOf(
  snapshot: Snapshot,
  factsOf: (application: string) => Partial<GateFacts> = () => ({}),
): Snapshot {
  const { commitMessage: message, title, body, check } = find(snapshot, 'open-promotion');
  const head = { ...snapshot.base.commit, sha: sha('head'), message, parents: [snapshot.base.commit.sha] };
  const isDone = check.state !== 'in_progress';
  const { externalId, title: checkTitle, summary, text } = withHead(check, sha('head'));
  const openGroup: OpenGroup = {
    pull: pullOf({ branch: BRANCH, title, body }),
    head: { ...head, isSluices: true },
    trailers: parseGroupTrailers(message)!,
    mergeable: true,
    isBehind: false,
    check: checkOf({
      externalId,
      title: checkTitle,
      summary,
      text,
      status: isDone ? 'completed' : 'in_progress',
      conclusion: isDone ? (check.state as 'success') : null,
    }),
    isShown: true,
    isAttested: true,
  };
  const candidates = snapshot.candidates.map((candidate): Candidate => {
    const trailers = openGroup.trailers!.members.find(
      ({ application }) => application === candidate.application,
    );
    if (candidate.group === null) return candidate;
    if (!trailers) return { ...candidate, openGroup };
    const own = { group: openGroup.trailers, facts: facts(factsOf(candidate.application)) };
    const open: OpenPromotion = { ...openGroup, ...own, trailers };
    return { ...candidate, openGroup, open, facts: null };
  });
  return { ...snapshot, candidates };
}

const hold = (untilMs: number): HoldFact => ({
  by: '`sam`',
  what: '**payments**',
  reason: '`it moves`',
  resume: '`/resume payments prod`',
  url: 'https://github.example/acme/fleet/issues/3',
  untilMs,
});

test('a member that is held is looked at when the hold ends, in the pull request or not', () => {
  const isHeld = (application: string): Partial<GateFacts> =>
    application === 'payments' ? { holds: known([hold(NOW_MS + HOUR_MS)]) } : {};
  const together = openedOf(snapshotOf(['checkout', 'payments'], []), isHeld);
  expect(find(together, 'update-promotion').note?.text).toContain('**payments** `v2` leaves');
  expect(plan(together, NOW_MS).lookAgainMs).toBe(HOUR_MS);
  const apart = openedOf(snapshotOf(['checkout', 'payments'], [], isHeld));
  expect(plan(apart, NOW_MS)).toMatchObject({ actions: [], lookAgainMs: HOUR_MS });
});

const LONG = 'it moves @acme/all <!-- sluice:request comment=1 --> '.repeat(40);

test('sixty members with long names and reasons fit into what GitHub takes, and are left alone afterwards', () => {
  const names = Array.from({ length: 60 }, (_, index) => `${'team/'.repeat(10)}application-number-${index}`);
  const snapshot = snapshotOf(names, [{ kind: 'manual' }]);
  const { title, body, check, commitMessage } = find(snapshot, 'open-promotion');
  expect(title.length).toBeLessThanOrEqual(256);
  expect(body.length).toBeLessThan(65_536);
  expect(check.summary.length).toBeLessThan(65_535);
  expect(parseGroupTrailers(commitMessage)?.members).toHaveLength(60);
  const opened = openedOf(snapshot);
  expect(plan(opened, NOW_MS).actions).toEqual([]);
  const isStopped = (application: string): Partial<GateFacts> =>
    application === names[0] ? {} : { holds: known([{ ...hold(NOW_MS), untilMs: null, reason: LONG }]) };
  const { note } = find(openedOf(snapshot, isStopped), 'update-promotion');
  expect(note!.text.length + note!.mark.length).toBeLessThan(65_536);
});

test('what a gate says of a member that leaves stands harmless in the comment', () => {
  const isHeld = (application: string): Partial<GateFacts> =>
    application === 'payments' ? { holds: known([{ ...hold(NOW_MS + HOUR_MS), reason: LONG }]) } : {};
  const { text } = find(openedOf(snapshotOf(['checkout', 'payments'], []), isHeld), 'update-promotion').note!;
  expect(text).toContain('**payments** `v2` leaves: `sam` holds');
  expect(text).not.toMatch(/@acme|<!--/);
});

test.each([['checkout'], ['payments']])(
  'while %s cannot be read, the pull request that it is in stays as it is',
  (lost) => {
    const opened = openedOf(snapshotOf(['checkout', 'payments'], [{ kind: 'manual' }]));
    const nothing = { open: null, openGroup: null, promotion: null, facts: null, isHeld: true } as const;
    const candidates = opened.candidates.map(
      (candidate): Candidate =>
        candidate.group !== null && candidate.application === lost ? { ...candidate, ...nothing } : candidate,
    );
    expect(plan({ ...opened, candidates }, NOW_MS).actions).toEqual([]);
  },
);

test.each([['payments '], [' payments']])(
  'an application whose name no commit can carry (%j) keeps the others from nothing',
  (name) => {
    const snapshot = snapshotOf(['checkout', name], [{ kind: 'manual' }]);
    const trailers = parseGroupTrailers(find(snapshot, 'open-promotion').commitMessage);
    expect(trailers?.members.map(({ application }) => application)).toEqual(['checkout']);
    expect(plan(snapshot, NOW_MS).notPromoted).toEqual([
      expect.objectContaining({ application: name, reason: expect.stringContaining('ends with a space') }),
    ]);
  },
);

test('a member that is held stays away while a gate of the only one in the pull request fails', () => {
  const isHeld = (application: string): Partial<GateFacts> =>
    application === 'payments' ? { holds: known([hold(NOW_MS + HOUR_MS)]) } : {};
  const fails = { sourceChecks: known([[{ name: 'smoke', app: null, conclusion: 'failure' }]]) };
  const opened = openedOf(snapshotOf(['checkout', 'payments'], [CHECKS], isHeld), () => fails);
  expect(plan(opened, NOW_MS).actions.map(({ kind }) => kind)).toEqual(['report-check']);
  expect(find(opened, 'report-check').report.state).toBe('failure');
});
