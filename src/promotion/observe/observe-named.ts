import type { Environment, Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import type { PromotionRequest } from '../occasion.ts';
import { orUnknown } from '../or-unknown.ts';
import { UNREADABLE_DELAY_MS } from '../plan/plan-unreadable.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Chosen, ChosenReleases, FoundPromotion, Target } from '../snapshot.ts';
import { findStay } from './find-named.ts';
import { memberOf } from './observe-group.ts';
import { environmentResolver } from './resolve-environment.ts';
import { carriageResolver } from './resolve-group.ts';

interface Context {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  /** The open pull requests of Sluice. */
  promotions: readonly FoundPromotion[];
  requests: ReadonlyMap<string, PromotionRequest>;
  nowMs: number;
}

/** A release that a person named for a target. */
interface Named {
  environment: Environment;
  target: Target;
  source: Target;
  fingerprint: string;
  by: string;
}

/**
 * Releases that people named for targets, in place of what is due there: named just now, or on the commit of the open
 * pull request, where they stay until it ends. Where nobody named any, nothing is read. What cannot be read stays as it is.
 */
export async function observeNamed(context: Context): Promise<ChosenReleases> {
  const chosen = new Map<string, Chosen>();
  for (const each of listNamed(context)) {
    const { environment, target, source, fingerprint, by } = each;
    const name = source.location.environment;
    const search = { ...context, environment, target, source };
    const read = await orUnknown(`what ${name} held before`, () => findStay(search, fingerprint));
    const key = targetKey(target.location);
    if (!read.known) chosen.set(key, unread(read.reason, context.nowMs));
    // What the source holds now is what is due.
    else if (read.value && read.value.untilMs !== null) chosen.set(key, { stay: read.value, namedBy: by });
  }
  return chosen;
}

function listNamed({ settings, targets, promotions, requests }: Context): Named[] {
  const isAny =
    [...requests.values()].some(({ isNamed }) => isNamed) ||
    promotions.some(
      ({ trailers, group }) => trailers?.namedBy || group?.members.some(({ namedBy }) => namedBy),
    );
  if (!isAny) return [];
  const resolve = environmentResolver(settings);
  const carriage = carriageResolver(settings);
  const stages = new Map(settings.environments.map((stage) => [stage.name, stage]));
  const byTarget = new Map(targets.map((target) => [targetKey(target.location), target]));
  return targets.flatMap((target): Named[] => {
    const { application } = target.location;
    const key = targetKey(target.location);
    const environment = resolve(stages.get(target.location.environment)!, application);
    const [from, ...others] = environment.from;
    const source = from === undefined ? null : byTarget.get(targetKey({ application, environment: from }));
    if (!source || others.length > 0) return [];
    const { branch } = carriage(environment, application);
    const request = requests.get(key);
    const carried = carriedBy(promotions, branch, application);
    const named = request?.isNamed
      ? { fingerprint: request.fingerprint, by: request.requester }
      : carried?.namedBy && !carried.rollsBack
        ? { fingerprint: carried.fingerprint, by: carried.namedBy }
        : null;
    return named ? [{ environment, target, source, ...named }] : [];
  });
}

function carriedBy(promotions: readonly FoundPromotion[], branch: string, application: string) {
  const found = promotions.find(({ pull }) => pull.branch === branch) ?? null;
  return (memberOf(found, application) ?? found)?.trailers ?? null;
}

function unread(reason: string, nowMs: number): Chosen {
  return { reason, lookAgainAtMs: nowMs + UNREADABLE_DELAY_MS, isUnread: true };
}
