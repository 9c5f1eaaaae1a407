import { parseConfig } from '../../../src/config/parse-config.ts';
import type { Settings } from '../../../src/domain/settings.ts';
import { listHoldings } from '../../../src/promotion/list-holdings.ts';
import { decideAll } from '../../../src/promotion/observe/decide.ts';
import { findPlaces, readTargets } from '../../../src/promotion/observe/observe-targets.ts';
import { plan } from '../../../src/promotion/plan/plan.ts';
import type { Base, Candidate, Decided, Snapshot, Target } from '../../../src/promotion/snapshot.ts';
import { facts } from '../../domain/gates/support.ts';
import { baseOf, sha } from '../../promotion/support.ts';
import { percentile } from '../percentile.ts';
import { makeFiles, overlay, overlayPath } from '../repository.ts';
import type { Figures, Scenario } from '../scenario.ts';
import { LARGE } from './large-repository.ts';

const CHANGES = 100;
const ROUNDS = 20;
const QUICK_ROUNDS = 5;
const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
const NOTHING_BUILT = { builds: [], complete: new Set<string>(), unknown: [] };

export const planSpeed: Scenario = {
  about: 'the pure part of a look at 10,000 targets with 100 changes, on one core',
  async measure({ isQuick }) {
    const files = makeFiles(LARGE);
    for (const application of LARGE.applications.slice(0, CHANGES)) {
      files[overlayPath(application, 'dev')] = overlay(application, 'v1.1.0');
    }
    const parsed = parseConfig(files['.github/sluice.yml']!, { path: '.github/sluice.yml' });
    if (!parsed.ok) throw new Error(`the config is wrong: ${parsed.problems[0]?.message}`);
    const { settings } = parsed;
    const base = baseOf(
      Object.entries(files).map(([path, text]) => {
        return { path, mode: '100644', type: 'blob', sha: sha(text), sizeBytes: text.length };
      }),
    );
    const watch = makeWatch();
    const targets = await read(settings, base, files);
    const readMs = watch();
    const rounds: Figures[] = [];
    for (let round = 0; round < (isQuick ? QUICK_ROUNDS : ROUNDS); round++) {
      rounds.push(measureRound(settings, base, targets));
    }
    const figures = medians(rounds);
    return {
      ...figures,
      readMs: Math.round(readMs),
      pureOfRead: Math.round((figures.pureMs! / readMs) * 1_000) / 1_000,
    };
  },
};

function read(settings: Settings, base: Base, files: Readonly<Record<string, string>>): Promise<Target[]> {
  const texts = new Map(Object.values(files).map((text) => [sha(text), text]));
  const reader = {
    readTexts: async (blobs: readonly string[]) =>
      new Map(blobs.map((blob) => [blob, texts.get(blob) ?? null])),
  };
  return readTargets(reader, base.files, settings, findPlaces(settings, base.files));
}

/** Each part by itself: where the targets are, what is due, what is to be done, what is told of it. */
function measureRound(settings: Settings, base: Base, targets: readonly Target[]): Figures {
  const watch = makeWatch();
  const places = findPlaces(settings, base.files);
  const matchMs = watch();
  const decided = decideAll(settings, targets, NOTHING_BUILT);
  const decideMs = watch();
  const snapshot = snapshotOf(settings, base, targets, decided);
  watch();
  const { actions } = plan(snapshot, NOW_MS);
  const planMs = watch();
  const holdings = listHoldings(targets);
  const holdingsMs = watch();
  if (holdings.length !== places.length) throw new Error(`${holdings.length} targets hold something`);
  if (actions.length !== CHANGES) throw new Error(`${actions.length} actions are planned`);
  const pureMs = matchMs + decideMs + planMs + holdingsMs;
  return { pureMs, matchMs, decideMs, planMs, holdingsMs };
}

/** As a look finds it when nothing is open yet. */
function snapshotOf(
  settings: Settings,
  base: Base,
  targets: readonly Target[],
  decided: readonly Decided[],
): Snapshot {
  const nothing = { open: null, openGroup: null, closed: null, origin: null, requestedBy: null };
  const candidates = decided.map((each): Candidate => {
    return { ...each, ...nothing, facts: each.promotion ? facts() : null };
  });
  const none = { strays: [], unasked: [], unreadable: [], leftovers: [], ended: [], unreported: [] };
  return { base, settings, targets, decided, candidates, ...none };
}

/** Milliseconds of processor time since it was last asked: what else the machine does is not counted. */
function makeWatch(): () => number {
  let last = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return (user + system) / 1_000;
  };
}

/** Of each figure by itself. The first rounds, in which the code is compiled, are among them. */
function medians(rounds: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(rounds[0]!).map((name) => {
      return [
        name,
        percentile(
          rounds.map((figures) => figures[name]!),
          50,
        ),
      ];
    }),
  );
}
