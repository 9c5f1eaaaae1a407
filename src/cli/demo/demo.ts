import type { Repository } from '../../sandbox/state.ts';
import { mergeAll, PEOPLE as OWN_PEOPLE, OWNER, prepareRepository } from './own-repository.ts';
import { listPromotions } from './promotions.ts';
import { formatMatrix, makeSay, nameSource, type Report, type Say, toNotPromoted } from './report.ts';
import { ROLLBACK_STORY } from './rollback-story.ts';
import { ORGANIZATION, PEOPLE, playStory, prepareStory, RELEASE_STORY, type Story } from './story.ts';
import { makeWorld, type World } from './world.ts';

/** What the demo can play, by name. */
export const STORIES = { release: RELEASE_STORY, rollback: ROLLBACK_STORY } as const satisfies Record<
  string,
  Story
>;

export interface DemoOptions {
  /** The user's own GitOps repository; the built-in story when null. */
  repo: string | null;
  /** The one to play without an own repository. */
  story: keyof typeof STORIES;
  config: string | null;
  once: boolean;
  json: boolean;
  port: number;
}

export interface DemoOutput {
  /** Steps, for people. */
  line(text: string): void;
  /** The last line of `--json`. */
  result(text: string): void;
}

/** Plays the demo. Resolves to whether all was as it should be; without `once` it resolves when `interrupted` does. */
export async function runDemo(
  options: DemoOptions,
  output: DemoOutput,
  interrupted: Promise<void>,
): Promise<boolean> {
  const startedMs = Date.now();
  const say = makeSay(output.line, startedMs, Date.now);
  const isStory = options.repo === null;
  const world = await makeWorld(isStory ? ORGANIZATION : OWNER, isStory ? PEOPLE : OWN_PEOPLE, {
    port: options.port,
  });
  try {
    const { repository, problems } = isStory
      ? await tellStory(world, STORIES[options.story], say)
      : await tryRepository(world, options as DemoOptions & { repo: string }, say);
    const report = await makeReport(world, repository, problems, (Date.now() - startedMs) / 1000);
    printSummary(world, repository, report, output);
    if (options.json) output.result(JSON.stringify(report));
    if (!options.once) {
      inviteToLookAround(world, repository, output);
      await interrupted;
    }
    return report.ok;
  } finally {
    await world.stop();
  }
}

async function tellStory(
  world: World,
  story: Story,
  say: Say,
): Promise<{ repository: Repository; problems: string[] }> {
  const repository = await prepareStory(world, story);
  say(
    `GitHub    a local one is at ${world.sandbox.url}, the GitOps repository at ${world.urlOf(repository)}`,
  );
  return { repository, problems: await playStory(story, { world, say, gitops: repository }) };
}

async function tryRepository(
  world: World,
  { repo, config, once }: DemoOptions & { repo: string },
  say: Say,
): Promise<{ repository: Repository; problems: string[] }> {
  const repository = await prepareRepository(world, repo, config);
  say(`a copy of ${repo} is at ${world.urlOf(repository)}`);
  if (once) return { repository, problems: await mergeAll(world, repository, say) };
  for (const { pull, from, to, title, url } of await listPromotions(world.as('you'), repository)) {
    say(`#${pull} ${from} -> ${to}: ${title}  ${url}`);
  }
  return { repository, problems: [] };
}

async function makeReport(
  world: World,
  repository: Repository,
  problems: string[],
  seconds: number,
): Promise<Report> {
  const outcome = world.outcomeOf(repository.fullName);
  if (!outcome?.settings)
    throw new Error('Sluice has not looked at the repository; run again with LOG_LEVEL=debug');
  const person = repository.owner === OWNER ? 'you' : 'ann';
  const promotions = await listPromotions(world.as(person), repository);
  const explained = outcome.plan.promotions.flatMap(({ application, from, to, pull, gates }) =>
    pull
      ? [
          {
            application,
            from: nameSource(from),
            to,
            reason: `#${pull.number} is open: ${explainGates(gates)}`,
          },
        ]
      : [],
  );
  const open = promotions.filter(
    ({ isOpen, to, application }) =>
      isOpen && !explained.some((each) => each.to === to && each.application === application),
  );
  const all = [...problems, ...open.map(({ pull }) => `#${pull} is open, and Sluice does not say why`)];
  return {
    ok: all.length === 0,
    ...(all.length > 0 ? { problems: all } : {}),
    applications: new Set(outcome.holdings.map(({ application }) => application)).size,
    environments: outcome.settings.environments.map(({ name }) => name),
    promotions: promotions.map(({ application, from, to, release, pull, merged }) => ({
      application,
      from,
      to,
      release,
      pull,
      merged,
    })),
    notPromoted: [...outcome.plan.notPromoted.map(toNotPromoted), ...explained],
    apiCalls: world.sandbox.calls.filter(({ actor }) => /^(app|installation):/.test(actor)).length,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function explainGates(gates: readonly { gate: string; state: string; reason: string }[]): string {
  const open = gates.filter(({ state }) => state !== 'passed' && state !== 'overridden');
  return open.length === 0
    ? 'all gates passed, it waits for somebody to merge it'
    : open.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ');
}

function printSummary(world: World, repository: Repository, report: Report, { line }: DemoOutput): void {
  const outcome = world.outcomeOf(repository.fullName)!;
  line('');
  line(formatMatrix(report.environments, outcome.holdings));
  if (report.notPromoted.length > 0) {
    line('');
    line('Not promoted:');
    for (const { application, from, to, reason } of report.notPromoted)
      line(`  ${application} ${from} -> ${to}: ${reason}`);
  }
  line('');
  const merged = report.promotions.filter((promotion) => promotion.merged).length;
  line(
    `${report.promotions.length} promotions, ${merged} merged; ${report.apiCalls} GitHub calls by Sluice; ${report.seconds} s`,
  );
  for (const problem of report.problems ?? []) line(`PROBLEM: ${problem}`);
}

function inviteToLookAround(world: World, repository: Repository, { line }: DemoOutput): void {
  const person = repository.owner === OWNER ? 'you' : 'ann';
  line('');
  line(`Still running: look around at ${world.urlOf(repository)}, or push a change:`);
  line(`  git clone ${world.sandbox.cloneUrl(repository, world.tokenOf(person))}`);
  line('Ctrl-C ends it and removes everything.');
}
