import { makeHost } from '../../src/github/host.ts';
import { QuickOctokit } from './support.ts';

type Answer = { status?: number; body: unknown; url?: string };

const INSTALLED = { body: { id: 3, suspended_at: null } };
const REPOSITORY = { full_name: 'acme/fleet', default_branch: 'main', archived: false };
const GONE = Object.assign(new Error('Not Found'), { status: 404 });

/** GitHub as answers by path, the App's and each installation's, and what was asked and logged. */
function startHost(answers: Record<string, Answer>) {
  const asked: string[] = [];
  const warnings: unknown[] = [];
  const clientFor = (who: string) => {
    const fetch = async (url: string) => {
      const path = new URL(url).pathname;
      asked.push(path);
      const { status = 200, body, url: final } = answers[`${who} ${path}`] ?? { status: 404, body: {} };
      const answer = new Response(JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json' },
      });
      Object.defineProperty(answer, 'url', { value: final ?? url });
      return answer;
    };
    return new QuickOctokit({ request: { fetch } });
  };
  const warn = (fields: unknown) => warnings.push(fields);
  const host = makeHost(async (id) => clientFor(id === undefined ? 'app' : String(id)), {
    info: () => {},
    warn,
    error: () => {},
  });
  return { host, asked, warnings };
}

test('an installation whose repositories cannot be listed keeps nobody from the others', async () => {
  const { host, warnings } = startHost({
    'app /app/installations': {
      body: [
        { id: 1, account: { login: 'away' }, suspended_at: '2026-01-01T00:00:00Z' },
        { id: 2, account: { login: 'just-suspended' }, suspended_at: null },
        { id: 3, account: { login: 'acme' }, suspended_at: null },
      ],
    },
    '2 /installation/repositories': {
      status: 403,
      body: { message: 'This installation has been suspended' },
    },
    '3 /installation/repositories': {
      body: { total_count: 2, repositories: [REPOSITORY, { full_name: 'acme/old', archived: true }] },
    },
  });
  expect(await host.listRepositories()).toEqual({ repositories: ['acme/fleet'], isWhole: false });
  expect(warnings).toEqual([
    { installation: 2, owner: 'just-suspended', reason: expect.stringContaining('has been suspended') },
  ]);
});

describe('why nothing can be done in a repository', () => {
  const ofInstallation = (answer: Answer) => ({ 'app /repos/acme/fleet/installation': answer });

  test.each<[string, string | null, Record<string, Answer>]>([
    ['gone', 'it is gone, or the App is not installed on it any more', {}],
    [
      'suspended',
      'the installation of the App is suspended',
      ofInstallation({ body: { id: 3, suspended_at: 'x' } }),
    ],
    [
      'renamed',
      'it is called acme/navy now',
      {
        ...ofInstallation(INSTALLED),
        '3 /repos/acme/fleet': { body: { ...REPOSITORY, full_name: 'acme/navy' } },
      },
    ],
    [
      'archived',
      'it is archived',
      { ...ofInstallation(INSTALLED), '3 /repos/acme/fleet': { body: { ...REPOSITORY, archived: true } } },
    ],
    ['there', null, { ...ofInstallation(INSTALLED), '3 /repos/acme/fleet': { body: REPOSITORY } }],
    ['not to be known about', null, ofInstallation({ status: 502, body: {} })],
  ])('that is %s', async (_name, reason, answers) => {
    const { host } = startHost(answers);
    expect(await host.whyAway('acme/fleet', GONE)).toBe(reason);
    expect(await host.whyAway('acme/fleet', new AggregateError([new Error('x'), GONE]))).toBe(reason);
  });

  test.each([
    ['a rate limit', Object.assign(new Error('You have exceeded a secondary rate limit'), { status: 403 })],
    ['an outage', Object.assign(new Error('Bad Gateway'), { status: 502 })],
    ['a fault of our own', new TypeError('x is not a function')],
  ])('is not asked after %s', async (_name, error) => {
    const { host, asked } = startHost({});
    expect(await host.whyAway('acme/fleet', error)).toBeNull();
    expect(asked).toEqual([]);
  });
});

test('who the App is need not be asked where its installations were listed', async () => {
  const { host, asked } = startHost({
    'app /app/installations': { body: [{ id: 3, app_id: 7, app_slug: 'sluice', suspended_at: null }] },
    '3 /installation/repositories': { body: { total_count: 1, repositories: [REPOSITORY] } },
  });
  await host.listRepositories();
  await host.open('acme/fleet');
  expect(await host.readIdentity()).toEqual({ id: 7, botLogin: 'sluice[bot]' });
  expect(asked).toEqual(['/app/installations', '/installation/repositories']);
});

test('nothing is read under the old name of a repository', async () => {
  const moved = { ...INSTALLED, url: 'https://api.github.com/repositories/77/installation' };
  const answers: Record<string, Answer> = {
    'app /app': { body: { id: 7, slug: 'sluice' } },
    'app /app/installations': { body: [{ id: 3, account: { login: 'acme' }, suspended_at: null }] },
    'app /repos/acme/fleet/installation': moved,
    '3 /installation/repositories': { body: { total_count: 1, repositories: [REPOSITORY] } },
  };
  const { host } = startHost(answers);
  await host.listRepositories();
  expect((await host.open('acme/fleet')).fullName).toBe('acme/fleet');
  const renamed = { ...REPOSITORY, full_name: 'acme/navy' };
  answers['3 /installation/repositories'] = { body: { total_count: 1, repositories: [renamed] } };
  await host.listRepositories();
  await expect(host.open('acme/fleet')).rejects.toMatchObject({ status: 301 });
});
