import {
  BASE,
  BRANCH,
  branchTip,
  checkRuns,
  checkRunsLater,
  coldHolds,
  coldReads,
  coldReadsOneByOne,
  HEAD,
  holdsTip,
  kustomization,
  labelsPull,
  makesBranch,
  makesCommit,
  makesTree,
  NEW_TREE,
  nextReads,
  noClosedPulls,
  noHolds,
  noStatuses,
  openPulls,
  opensPull,
  promotionCommit,
  promotionPull,
  quietReads,
  REPO,
  reports,
  STAGING_PATH,
  sha,
  token,
  treeOf,
  warmReads,
  writes,
} from './gitops.ts';
import { APP_ID, closeWire, type Expected, openWire, startApp, type Wire } from './support.ts';

// `GET /app` (who the App is) comes once in the life of a process and is counted apart; every other request of a
// promotion stands in these lists, the installation's token included.

const NO_GATES = '[]';
const CHECKS = '[{ checks: { on: source, names: [ci/build] } }]';

let wire: Wire;
let app: ReturnType<typeof startApp>;

beforeEach(() => {
  wire = openWire();
  app = startApp(wire);
});

afterEach(async () => {
  await app.stop();
  closeWire();
});

const isWrite = (request: string) => !/^(GET|DOWNLOAD|POST \/app)/.test(request);
const requestsOf = (expected: readonly Expected[]) => expected.map(({ request }) => request);
const seenRequests = () => wire.seen.map(({ request }) => request);

/** A download is no call of the API. */
const requestsSeen = () => seenRequests().filter((request) => !request.startsWith('DOWNLOAD '));

/** Delivers a push, and asserts exactly these requests: reads in any order, then writes in this order. */
async function promoteWith(delivery: string, reads: readonly Expected[], written: readonly Expected[]) {
  wire.seen.length = 0;
  wire.expect([...reads, ...written]);
  await app.push(delivery);
  expect(seenRequests().filter(isWrite)).toEqual(requestsOf(written));
  expect(
    seenRequests()
      .filter((request) => !isWrite(request))
      .sort(),
  ).toEqual(requestsOf(reads).sort());
  expect(wire.missing()).toEqual([]);
}

function bodyOf(request: string): Record<string, unknown> {
  const found = wire.seen.find((each) => each.request === `POST ${REPO}/${request}`);
  if (!found) throw new Error(`no POST ${request}`);
  return found.body as Record<string, unknown>;
}

describe('one promotion from a cold cache', () => {
  const reads = (gates: string) => [token, ...coldReads(gates), openPulls([]), noClosedPulls];

  test('takes 12 requests without the checks gate, and one download', async () => {
    await promoteWith('delivery-1', reads(NO_GATES), writes);
    expect(requestsSeen()).toHaveLength(12);
    expect(wire.seen).toHaveLength(13);
    expect(wire.identityReads()).toBe(1);
    expect(app.outcomes.flatMap(({ plan }) => plan.promotions)).toMatchObject([
      { application: 'checkout', from: ['dev'], to: 'staging', release: 'v1.4.2' },
    ]);
  });

  test('takes 16 requests where GitHub has no archive to give', async () => {
    const cold = [token, ...coldReadsOneByOne(NO_GATES), openPulls([]), noClosedPulls];
    await promoteWith('delivery-1', cold, writes);
    expect(requestsSeen()).toHaveLength(16);
  });

  test('takes 14 requests with the checks gate on the source', async () => {
    const build = {
      id: 5,
      name: 'ci/build',
      status: 'completed',
      conclusion: 'success',
      app: { id: 1, slug: 'ci' },
    };
    await promoteWith('delivery-1', [...reads(CHECKS), checkRuns(BASE, [build]), noStatuses], writes);
    expect(requestsSeen()).toHaveLength(14);
    expect(bodyOf('check-runs')).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  test('reports a check that has not succeeded as in progress, never as passed', async () => {
    const build = {
      id: 5,
      name: 'ci/build',
      status: 'in_progress',
      conclusion: null,
      app: { id: 1, slug: 'ci' },
    };
    await promoteWith('delivery-1', [...reads(CHECKS), checkRuns(BASE, [build]), noStatuses], writes);
    expect(bodyOf('check-runs')).toMatchObject({ head_sha: HEAD, status: 'in_progress' });
    expect(bodyOf('check-runs')).not.toHaveProperty('conclusion');
  });

  test('writes one file, a commit that GitHub signs, one branch, one pull request, its labels and its check', async () => {
    await promoteWith('delivery-1', reads(NO_GATES), writes);

    expect(bodyOf('git/trees')).toEqual({
      base_tree: treeOf(NO_GATES),
      tree: [{ path: STAGING_PATH, mode: '100644', type: 'blob', content: kustomization('v1.4.2') }],
    });
    const commit = bodyOf('git/commits');
    // GitHub signs only what names neither author nor committer.
    expect(Object.keys(commit).sort()).toEqual(['message', 'parents', 'tree']);
    expect(commit).toMatchObject({ tree: NEW_TREE, parents: [BASE] });
    expect(String(commit.message).split('\n')).toEqual([
      'Promote checkout v1.4.2 to staging',
      '',
      'Sluice-Application: checkout',
      'Sluice-From: dev',
      'Sluice-To: staging',
      'Sluice-Release: v1.4.2',
      expect.stringMatching(/^Sluice-Fingerprint: [0-9a-f]{16}$/),
      `Sluice-Origin: ${BASE}`,
      'Sluice-Change: ["image","acme/checkout","newTag","v1.4.0","v1.4.2"]',
      '',
    ]);
    expect(bodyOf('git/refs')).toEqual({ ref: `refs/heads/${BRANCH}`, sha: HEAD });
    const pull = bodyOf('pulls');
    expect(pull).toEqual({
      title: 'Promote checkout v1.4.2 to staging',
      head: BRANCH,
      base: 'main',
      body: expect.any(String),
    });
    expect(pull.body).toContain('| checkout | image `acme/checkout` | `v1.4.0` | `v1.4.2` |');
    expect(pull.body).toContain('Take checkout v1.4.2 (#41)');
    expect(bodyOf('issues/8/labels')).toEqual({ labels: ['sluice', 'promotion'] });
    expect(bodyOf('check-runs')).toMatchObject({
      name: 'sluice/gates',
      head_sha: HEAD,
      status: 'completed',
      conclusion: 'success',
    });
  });
});

describe('one promotion from a warm cache', () => {
  const quiet = [token, ...quietReads(NO_GATES), openPulls([])];

  test('takes 10 requests: what the commit changed is known from its patch', async () => {
    await promoteWith('delivery-1', quiet, []);
    await promoteWith('delivery-2', [...nextReads(NO_GATES), openPulls([]), noClosedPulls], writes);
    expect(wire.seen).toHaveLength(10);
    expect(bodyOf('git/trees')).toEqual({
      base_tree: treeOf(NO_GATES),
      tree: [{ path: STAGING_PATH, mode: '100644', type: 'blob', content: kustomization('v1.4.2') }],
    });
  });

  test('nothing due is two requests', async () => {
    await promoteWith('delivery-1', quiet, []);
    await promoteWith('delivery-2', [quiet[1]!, openPulls([])], []);
  });
});

describe('when the promotion stands', () => {
  test('the same event again writes nothing and asks four things', async () => {
    await promoteWith('delivery-1', [token, ...coldReads(NO_GATES), openPulls([]), noClosedPulls], writes);
    const pull = promotionPull(bodyOf('pulls') as { title: string; body: string });
    const message = String(bodyOf('git/commits').message);
    const check = { ...bodyOf('check-runs'), id: 99, app: { id: APP_ID, slug: 'sluice' } };

    const again = [...warmReads(NO_GATES), openPulls([pull]), checkRuns(HEAD, [check])];
    await promoteWith('delivery-2', [...again, promotionCommit(() => message)], []);
    // What was read of a commit never changes: the third time the head is known too.
    await promoteWith('delivery-3', again, []);
    expect(wire.identityReads()).toBe(1);
  });
});

describe('when somebody holds the target', () => {
  const heldReads = (reads: Expected[]) => [...reads.filter((each) => each !== noHolds), holdsTip];

  test('three things more are asked for once, and what holds it is reported', async () => {
    const cold = [token, ...heldReads(coldReads(NO_GATES)), ...coldHolds, openPulls([]), noClosedPulls];
    await promoteWith('delivery-1', cold, writes);
    expect(bodyOf('check-runs')).toMatchObject({ status: 'in_progress', output: { title: 'Waiting: hold' } });
    const pull = promotionPull(bodyOf('pulls') as { title: string; body: string });
    const message = String(bodyOf('git/commits').message);
    const check = { ...bodyOf('check-runs'), id: 99, app: { id: APP_ID, slug: 'sluice' } };
    const again = [...heldReads(warmReads(NO_GATES)), openPulls([pull]), checkRuns(HEAD, [check])];
    await promoteWith('delivery-2', [...again, promotionCommit(() => message)], []);
  });
});

describe('when the promotion waits for approvals', () => {
  const APPROVALS = '[{ approvals: 1 }]';
  const noReviews: Expected = { request: `GET ${REPO}/pulls/8/reviews?per_page=100`, reply: [] };
  const rules = (found: unknown[]): Expected => ({
    request: `GET ${REPO}/rules/branches/main?per_page=100`,
    reply: found,
  });
  const summary = (enabled: boolean): Expected => ({
    request: `GET ${REPO}/branches/main`,
    reply: { name: 'main', protected: true, protection: { enabled } },
  });
  const pullRequestRule = {
    type: 'pull_request',
    ruleset_id: 1,
    parameters: {
      required_approving_review_count: 2,
      require_code_owner_review: false,
      require_last_push_approval: true,
      dismiss_stale_reviews_on_push: false,
      required_review_thread_resolution: false,
    },
  };
  const reports: Expected = { request: `PATCH ${REPO}/check-runs/99`, reply: { id: 99 } };

  /** Opens the promotion, then looks at it again. */
  async function lookAgain(protection: Expected[], written: Expected[]) {
    await promoteWith('delivery-1', [token, ...coldReads(APPROVALS), openPulls([]), noClosedPulls], writes);
    const pull = promotionPull(bodyOf('pulls') as { title: string; body: string });
    const message = String(bodyOf('git/commits').message);
    const check = { ...bodyOf('check-runs'), id: 99, app: { id: APP_ID, slug: 'sluice' } };
    const reads = [
      ...warmReads(APPROVALS),
      openPulls([pull]),
      checkRuns(HEAD, [check]),
      noReviews,
      ...protection,
    ];
    await promoteWith('delivery-2', [...reads, promotionCommit(() => message)], written);
    return wire.seen.find(({ request }) => request.startsWith('PATCH'))?.body;
  }

  test('the reviews and, in two requests, what protects the branch are asked for', async () => {
    expect(await lookAgain([rules([]), summary(false)], [])).toBeUndefined();
  });

  test('what GitHub asks for beyond that is told', async () => {
    expect(await lookAgain([rules([pullRequestRule]), summary(true)], [reports])).toMatchObject({
      output: {
        summary: expect.stringContaining(
          'GitHub asks for more: 2 approvals; what classic branch protection asks of reviews, GitHub shows to administrators only',
        ),
      },
    });
  });

  test('what cannot be read of it is told', async () => {
    const refused = { ...rules([]), status: 403, reply: { message: 'Upgrade to GitHub Pro' } };
    expect(await lookAgain([refused, summary(false)], [reports])).toMatchObject({
      status: 'in_progress',
      output: {
        summary: expect.stringContaining('what protects `main` could not be read (Upgrade to GitHub Pro'),
      },
    });
  });
});

describe('when GitHub fails in the middle', () => {
  test('the next try opens the pull request on the branch that is there', async () => {
    const reads = [openPulls([]), noClosedPulls];
    const failsOnce = { ...opensPull, status: 500, reply: { message: 'Server Error' } };
    const first = [makesTree, makesCommit(HEAD), makesBranch, reports, failsOnce];
    const branchExists = { ...makesBranch, status: 422, reply: { message: 'Reference already exists' } };
    const second = [makesTree, makesCommit(sha('e')), branchExists, opensPull, labelsPull];
    // What the head was told before the failure need not be told again.
    const told = () => [{ ...bodyOf('check-runs'), id: 99, app: { id: APP_ID, slug: 'sluice' } }];
    const message = () => String(bodyOf('git/commits').message);
    const lookAtBranch = [branchTip, promotionCommit(message), checkRunsLater(HEAD, told)];
    wire.expect([token, ...coldReads(NO_GATES), ...reads, ...first]);
    wire.expect([...warmReads(NO_GATES), ...reads, ...lookAtBranch, ...second]);

    // The queue tries a failed job again by itself, after a second.
    await app.push('delivery-1');

    expect(seenRequests().filter(isWrite)).toEqual(requestsOf([...first, ...second]));
    expect(wire.missing()).toEqual([]);
    // The second commit hangs on no branch: the check speaks of the head that the branch has.
    expect(bodyOf('check-runs')).toMatchObject({ head_sha: HEAD });
    expect(app.outcomes.map(({ refusals, failures }) => [refusals.length, failures.length])).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });
});
