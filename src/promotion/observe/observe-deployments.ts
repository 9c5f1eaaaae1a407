import { isSameTarget } from '../../domain/hold.ts';
import { orUnknown } from '../or-unknown.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, DueDeployment } from '../snapshot.ts';
import { fillName, readHealth } from './observe-health.ts';
import { LATE_MS, type Landed, type LandedPromotions } from './observe-landed.ts';
import type { ReportReader } from './report-reader.ts';

interface Context {
  reader: RepositoryReader;
  base: Base;
  reports: ReportReader;
  nowMs: number;
}

/**
 * The GitHub deployments of promotions that merged lately, where the config asks for them: what stands there, and how the
 * environment is. Two calls for each, beside those for its health. Nothing depends on them, so what GitHub does not tell
 * is left to the next look.
 */
export async function observeDeployments(
  context: Context,
  { landed, isWhole: isLandedWhole }: LandedPromotions,
): Promise<{ due: DueDeployment[]; isWhole: boolean }> {
  const due: DueDeployment[] = [];
  let isWhole = isLandedWhole;
  for (const each of landed) {
    const read = await orUnknown('its deployment', () => observeOne(context, each));
    if (!read.known) isWhole = false;
    else if (read.value) due.push(read.value);
  }
  return { due, isWhole };
}

async function observeOne(
  { reader, base, reports, nowMs }: Context,
  { target, environment, carrier, sha, landing }: Landed,
): Promise<DueDeployment | null> {
  const terms = environment.deployments;
  if (!terms) return null;
  const untilMs = landing.atMs + terms.withinMs;
  if (nowMs > untilMs + LATE_MS) return null;
  const { application } = target.location;
  const { pull, trailers } = carrier;
  const id = { application, environment: environment.name };
  const name = fillName(terms.name.replaceAll('{env}', '{from}'), application, environment.name);
  const arrival = { environment: environment.name, sha, landing };
  const health = await readHealth({ reports, base, due: { application } }, terms.source, arrival);
  const existing = (await reader.listOwnDeployments(name, sha)).find(
    ({ of }) => of !== null && isSameTarget(of, id) && of.pull === pull.number,
  );
  return {
    ...id,
    name,
    sha,
    release: trailers.release,
    pull: { number: pull.number, url: pull.url },
    health,
    untilMs,
    existing: existing ? { id: existing.id, state: await reader.readDeploymentState(existing.id) } : null,
  };
}
