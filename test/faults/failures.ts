import { compare } from './compare-states.ts';
import { describeState } from './describe-state.ts';
import type { AppCall, Intercept, Reply } from './front.ts';
import { makeOracle } from './oracle.ts';
import { begin, gitopsOf, type Played, play, type Scene } from './play.ts';

/** How a call fails; null when it cannot fail in this way. */
export type Effect = (call: AppCall, act: () => Promise<Response>) => Promise<Reply> | null;

const answer =
  (status: number, body: object | string, headers: Record<string, string> = {}): Effect =>
  async () =>
    typeof body === 'string'
      ? new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } })
      : Response.json(body, { status, headers });

const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

/** All the ways in which a call fails. */
export const EFFECTS: Readonly<Record<string, Effect>> = {
  '500': answer(500, { message: 'Server Error' }),
  '502 with HTML': answer(502, '<html><h1>Unicorn!</h1></html>'),
  'secondary limit': answer(403, { message: SECONDARY }, { 'retry-after': '1' }),
  '429': answer(429, { message: 'API rate limit exceeded' }, { 'retry-after': '1' }),
  '401': answer(401, { message: 'Bad credentials' }),
  '404': answer(404, { message: 'Not Found' }),
  '409': answer(409, { message: 'Conflict' }),
  '422': answer(422, { message: 'Reference cannot be updated' }),
  hang: async (): Promise<Reply> => 'hang',
  'hang after it acted': async (_, act): Promise<Reply> => {
    await act();
    return 'hang';
  },
  reset: async (): Promise<Reply> => 'reset',
  'reset after it acted': async (_, act): Promise<Reply> => {
    await act();
    return 'reset';
  },
  '502 after it acted': async (_, act) => {
    await act();
    return new Response('<html/>', { status: 502, headers: { 'content-type': 'text/html' } });
  },
  'half of the answer': async (_, act) => ({ half: await act() }),
  'half a tree': ({ path }, act) => (path.includes('/git/trees/') ? cutTree(act) : null),
};

/** https://docs.github.com/en/rest/git/trees#get-a-tree */
async function cutTree(act: () => Promise<Response>): Promise<Response> {
  const whole = await act();
  const body = (await whole.json()) as { tree: unknown[] };
  const tree = body.tree.slice(0, body.tree.length / 2);
  const headers = { etag: 'W/"cut"' };
  return Response.json({ ...body, tree, truncated: true }, { status: whole.status, headers });
}

export interface Failure {
  act: number;
  /** From 1. */
  call: number;
  effect: string;
  /** To how many calls in a row. */
  times: number;
}

/** Plays one act in which calls fail. Says what was wrong meanwhile, and what is otherwise at the end. */
export async function runFailure(
  scene: Scene,
  played: readonly Played[],
  { act: index, call: first, effect, times }: Failure,
): Promise<{ hasFailed: boolean; problems: string[] }> {
  const { act, before, after } = played[index]!;
  await begin(scene, act, before);
  const oracle = makeOracle(gitopsOf(scene));
  let hasFailed = false;
  let isMended = false;
  const intercept: Intercept = async (call, doIt) => {
    const acting = async () => {
      oracle.before(call.method, call.path);
      const response = await doIt();
      if (call.method !== 'GET') await oracle.after();
      return response;
    };
    const isDue = call.index >= first && call.index < first + times;
    const failed = isDue ? EFFECTS[effect]!(call, acting) : null;
    if (failed) hasFailed = true;
    return failed ?? acting();
  };
  /** What is due to be looked at again in some seconds or minutes comes with a sweep. */
  const settle = async () => {
    await scene.world.settle();
    while (hasFailed && !isMended) {
      isMended = await scene.world.sweep().then(
        () => true,
        () => false,
      );
      await scene.world.settle();
    }
  };
  scene.front.begin(intercept);
  const problems = await play(scene, act, { ...scene.world, settle });
  problems.push(...oracle.wrongs, ...compare(after, await describeState(gitopsOf(scene))));
  return { hasFailed, problems };
}
