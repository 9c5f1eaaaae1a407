import { expect, test } from '@jest/globals';
import { REPOSITORY } from '../../stages/stage.ts';
import { CONFIG, look, overlay, PATH, say, start, type World, work } from './support.ts';

const portOf = ({ stage }: World) => stage.makeHost().open(REPOSITORY);
const titles = async (world: World) =>
  (await (await portOf(world)).listOpenPulls()).map(({ title }) => title);
const state = async (world: World, file: string) =>
  JSON.parse((await (await portOf(world)).readFile(file, 'sluice-state'))?.text ?? 'null');

/** v2 has merged to prod, and sam rolls it back. */
async function rollBack(config = CONFIG, before = async (_: World): Promise<void> => undefined) {
  const world = await start([], config);
  await before(world);
  const issue = await world.stage.people.openIssue('sam');
  const answer = await say(world, 'sam', issue, '/rollback checkout in prod it fails');
  return { ...world, issue, answer };
}

async function release(world: World, tag: string): Promise<void> {
  await world.stage.people.push('ann', 'main', { [PATH('dev')]: overlay(tag) }, `Release ${tag}`);
  world.stage.pass(1_000);
  await look(world);
}

async function merge(world: World): Promise<void> {
  const [pull] = await (await portOf(world)).listOpenPulls();
  expect(await world.stage.people.merge('ann', pull!.number, 'squash')).toBe(true);
  world.stage.pass(60_000);
  await look(world);
}

test('an open promotion becomes the rollback, and says so; what it carried comes after', async () => {
  const world = await rollBack(CONFIG, (begun) => release(begun, 'v3'));
  const [pull, ...others] = await (await portOf(world)).listOpenPulls();
  expect(others).toEqual([]);
  expect(pull).toMatchObject({ title: 'Roll back checkout to v1 in prod' });
  const said = (await (await portOf(world)).listComments(pull!.number)).map(({ body }) => body).join();
  expect(said).toContain(
    '**This is a rollback now**: `v1` comes back in place of `v2`, and what this carried, `v3`',
  );
  await look(world);
  expect((await (await portOf(world)).listOpenPulls())[0]?.labels).toEqual(['sluice', 'rollback']);
  await merge(world);
  expect(await titles(world)).toEqual(['Promote checkout v3 to prod']);
});

test('`/resume` gives an open rollback up, and the release stays marked', async () => {
  const world = await rollBack();
  expect(await titles(world)).toEqual(['Roll back checkout to v1 in prod']);
  await say(world, 'sam', world.issue, '/resume checkout prod');
  expect(await titles(world)).toEqual([]);
  expect((await state(world, 'bad-releases.json')).releases).toHaveLength(1);
});

test('what a person closed stays closed, and what is newer waits for the hold, until somebody asks again', async () => {
  const world = await rollBack();
  const [pull] = await (await portOf(world)).listOpenPulls();
  await world.stage.people.close('ann', pull!.number);
  world.stage.pass(60_000);
  await look(world);
  expect(await titles(world)).toEqual([]);
  await release(world, 'v3');
  await look(world);
  expect(await titles(world)).toEqual(['Promote checkout v3 to prod']);
  const [next] = await (await portOf(world)).listOpenPulls();
  const { own } = await (await portOf(world)).listCheckRuns(next!.headSha);
  expect(own[0]).toMatchObject({ title: 'Waiting: hold' });
  await say(world, 'ann', world.issue, '/rollback checkout in prod it does fail');
  expect(await titles(world)).toEqual(['Roll back checkout to v1 in prod']);
  expect((await state(world, 'holds.json')).holds).toMatchObject([{ by: 'ann' }]);
});

test('a word that is heard when the rollback has merged rolls nothing else back', async () => {
  const world = await rollBack();
  const late = await world.stage.people.comment('ann', world.issue, '/rollback checkout in prod me too');
  world.stage.pass(5_000);
  await merge(world);
  await work(world, { kind: 'command', repository: REPOSITORY, comment: late });
  const said = (await (await portOf(world)).listComments(world.issue)).at(-1)?.body;
  expect(said).toContain('it holds another release since you spoke');
  expect(await say(world, 'ann', world.issue, '/rollback checkout in prod to v2')).toContain(
    '`v2` is marked as bad there by sam: it fails',
  );
  expect(await titles(world)).toEqual([]);
});

test('a second rollback goes further back, past what is bad', async () => {
  const world = await rollBack();
  await merge(world);
  await release(world, 'v3');
  await say(world, 'sam', world.issue, '/resume checkout prod');
  await look(world);
  await merge(world);
  const answer = await say(world, 'sam', world.issue, '/rollback checkout in prod this too');
  expect(answer).toContain('back from `v3` to `v1`');
  expect(await titles(world)).toEqual(['Roll back checkout to v1 in prod']);
  expect(
    (await state(world, 'bad-releases.json')).releases.map((each: { release: string }) => each.release),
  ).toEqual(['v2', 'v3']);
});

test('an application of a group goes back alone', async () => {
  const config = CONFIG.replace('    from: dev\n', '    from: dev\n    group: all\n');
  const world = await rollBack(config);
  expect(world.answer).toContain('back from `v2` to `v1`');
  const [pull] = await (await portOf(world)).listOpenPulls();
  expect(pull).toMatchObject({ title: 'Roll back checkout to v1 in prod', branch: 'sluice/checkout/prod' });
  await merge(world);
  expect(await titles(world)).toEqual([]);
  await release(world, 'v3');
  const [next] = await (await portOf(world)).listOpenPulls();
  expect(next).toMatchObject({ title: 'Promote checkout v3 to prod', branch: 'sluice/+group-all/prod' });
});

test('it is told why nothing can be rolled back', async () => {
  const world = await start();
  const issue = await world.stage.people.openIssue('sam');
  for (const [body, answer] of [
    ['/rollback checkout in prod to v9', 'it has not held `v9` lately; it held `v1`'],
    ['/rollback checkout in prod to v2', 'it holds `v2` already'],
    ['/rollback checkout', 'is in several environments; say which: `/rollback checkout in dev`'],
    ['/rollback', 'Say what is to be rolled back, for example `/rollback checkout in prod`'],
    ['/rollback forget checkout in prod', 'Nothing like that is marked as bad'],
  ] as const) {
    expect(await say(world, 'sam', issue, body)).toContain(answer);
  }
  expect(await say(world, 'eve', issue, '/rollback checkout in prod')).toContain('needs the role **write**');
  expect(await titles(world)).toEqual([]);
  expect(await state(world, 'holds.json')).toBeNull();
});
