import { makeCollaborationReader } from '../../src/github/read-collaboration.ts';
import { makeWriter } from '../../src/github/write-repository.ts';
import type { CheckReport } from '../../src/promotion/ports/checks.ts';
import { REPO } from './gitops.ts';
import { APP_ID, closeWire, makeContext, openWire, type Wire } from './support.ts';

let wire: Wire;
beforeEach(() => {
  wire = openWire();
});
afterEach(closeWire);

const ignore = () => undefined;

const run = (appId: number) => ({
  id: 99,
  name: 'sluice/gates',
  external_id: 'x',
  status: 'completed',
  conclusion: 'failure',
  head_sha: 'd'.repeat(40),
  html_url: 'https://github.com/acme/gitops/runs/99',
  app: { id: appId },
  output: { title: 'Failed', summary: 'why', text: 'by what' },
});
const request = `GET ${REPO}/check-runs/99`;

test('a check run of its own is read with its head, page and text', async () => {
  wire.expect([{ request, reply: run(APP_ID) }]);
  expect(await makeCollaborationReader(makeContext()).readCheck(99)).toEqual({
    id: 99,
    name: 'sluice/gates',
    externalId: 'x',
    status: 'completed',
    conclusion: 'failure',
    title: 'Failed',
    summary: 'why',
    text: 'by what',
    headSha: 'd'.repeat(40),
    url: 'https://github.com/acme/gitops/runs/99',
  });
});

test('one of another App, or none, is none', async () => {
  wire.expect([{ request, reply: run(APP_ID + 1) }]);
  expect(await makeCollaborationReader(makeContext()).readCheck(99)).toBeNull();
  wire.expect([{ request, status: 404, reply: { message: 'Not Found' } }]);
  expect(await makeCollaborationReader(makeContext()).readCheck(99)).toBeNull();
});

test('text and buttons go along where a report has them, and are left as they are where not', async () => {
  const report: CheckReport = {
    name: 'sluice/gates',
    headSha: 'd'.repeat(40),
    externalId: 'x',
    state: 'failure',
    title: 'Failed',
    summary: 'why',
    annotations: [],
  };
  const buttons = [{ label: 'Re-evaluate', description: 'Looks anew', identifier: 're-evaluate' }];
  const log = { info: ignore, warn: ignore, error: ignore };
  wire.expect([1, 2].map(() => ({ request: `POST ${REPO}/check-runs`, status: 201, reply: { id: 1 } })));
  const writer = makeWriter(makeContext(), log);
  await writer.reportCheck({ ...report, text: 'by what', buttons }, null);
  await writer.reportCheck(report, null);
  const [first, second] = wire.seen.map(({ body }) => body);
  expect(first).toMatchObject({ output: { text: 'by what' }, actions: buttons });
  expect(second).not.toHaveProperty('actions');
  expect(second).not.toHaveProperty('output.text');
});
