import { makeDeliveryLog } from '../../src/github/read-deliveries.ts';
import { QuickOctokit } from './support.ts';

/** GitHub's log over a wire that notes the paths that are asked for. */
function openLog(answer: (path: string) => { status?: number; body: string; link?: string }) {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    const path = url.replace('https://api.github.com', '');
    asked.push(path);
    const { status = 200, body, link } = answer(path);
    const headers = { 'content-type': 'application/json', ...(link && { link }) };
    return new Response(body, { status, headers });
  };
  const client = new QuickOctokit({ request: { fetch } });
  return { asked, deliveries: makeDeliveryLog(async () => client) };
}

const LISTED = `[{"id":3804004623172239366,"guid":"a","delivered_at":"2026-03-10T12:00:00Z","redelivery":false,
  "duration":0.3,"status":"timed out","status_code":504,"event":"repository_dispatch","action":"built",
  "installation_id":3,"repository_id":4,"throttled_at":null}]`;

test('ids of deliveries that are larger than a number can be stay what they are', async () => {
  const { asked, deliveries } = openLog((path) =>
    path.includes('?')
      ? { body: LISTED, link: '<https://api.github.com/app/hook/deliveries?cursor=v1_7>; rel="next"' }
      : { body: '{"request":{"payload":{"action":"built","client_payload":{"run":9007199254740993}}}}' },
  );
  const { tries, next } = await deliveries.list('failure', 'v1_8');
  const deliveredAtMs = Date.parse('2026-03-10T12:00:00Z');
  expect(tries).toEqual([
    {
      id: '3804004623172239366',
      guid: 'a',
      event: 'repository_dispatch',
      action: 'built',
      deliveredAtMs,
      isFailed: true,
    },
  ]);
  expect(next).toBe('v1_7');
  // A webhook with this number would have been read the same way.
  expect(await deliveries.readPayload(tries[0]!.id)).toEqual({
    action: 'built',
    client_payload: { run: JSON.parse('9007199254740993') as number },
  });
  expect(asked).toEqual([
    '/app/hook/deliveries?status=failure&per_page=100&cursor=v1_8',
    '/app/hook/deliveries/3804004623172239366',
  ]);
});

test.each([
  ['that GitHub has forgotten', { status: 404, body: '{}' }],
  ['without a payload', { body: '{"request":{"payload":null}}' }],
  ['whose payload is no object', { body: '{"request":{"payload":"oops"}}' }],
])('a delivery %s gives nothing', async (_name, answer) => {
  expect(await openLog(() => answer).deliveries.readPayload('7')).toBeNull();
});

test('an error of GitHub is no missing delivery', async () => {
  const { deliveries } = openLog(() => ({ status: 502, body: '{}' }));
  await expect(deliveries.readPayload('7')).rejects.toMatchObject({ status: 502 });
});
