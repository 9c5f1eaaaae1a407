import { countCalls, findComplete, openGitHub } from '../github.ts';
import { makeFiles, overlay, overlayPath, type Shape } from '../repository.ts';
import type { Figures, Scenario } from '../scenario.ts';

const ONE: Shape = { applications: ['checkout'], environments: { dev: '', prod: 'from: dev' } };

const REGIONS = ['eu', 'us', 'asia', 'africa', 'oceania'];

export const onePromotionWarm: Scenario = {
  about: 'one application, one environment, warm cache: merge to open, labelled, checked pull request',
  measure: () => countPromotions(ONE, { pulls: 1, isWarm: true }),
};

export const onePromotionCold: Scenario = {
  about:
    'the same by a process that has just started, its token included, for a target that was never promoted before',
  measure: () => countPromotions(ONE, { pulls: 1, isWarm: false }),
};

export const fivePromotions: Scenario = {
  about: 'one application to 5 environments in 5 pull requests, warm cache',
  measure: () => {
    const regions = REGIONS.map((region) => [region, 'from: dev']);
    const shape = { ...ONE, environments: { dev: '', ...Object.fromEntries(regions) } };
    return countPromotions(shape, { pulls: REGIONS.length, isWarm: true });
  },
};

export const groupOfFive: Scenario = {
  about: '5 targets in one grouped pull request, warm cache',
  measure: () => {
    const environments = { dev: '', prod: 'from: dev\ngroup: all' };
    return countPromotions({ applications: REGIONS, environments }, { pulls: 1, isWarm: true });
  },
};

/**
 * Releases all applications in one commit, and counts until all pull requests are as people want them. Warm is a process
 * that did the same once before, from the release to the merge.
 */
async function countPromotions(
  shape: Shape,
  { pulls, isWarm }: { pulls: number; isWarm: boolean },
): Promise<Figures> {
  const github = await openGitHub(makeFiles(shape));
  const { world, gitops, commit, merge } = github;
  const release = (tag: string) =>
    commit(
      Object.fromEntries(shape.applications.map((each) => [overlayPath(each, 'dev'), overlay(each, tag)])),
    );
  try {
    await world.startApp();
    if (isWarm) {
      await release('v1.1.0');
      await world.settle();
      for (const { number } of findComplete(gitops)) await merge(number);
      await world.settle();
    }
    const { until, all } = await countCalls(
      github,
      () => release('v1.2.0'),
      () => findComplete(gitops).length === pulls,
    );
    return { calls: until, callsUntilQuiet: all };
  } finally {
    await world.stop();
  }
}
