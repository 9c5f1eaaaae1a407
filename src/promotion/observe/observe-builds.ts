import type { Build } from '../../domain/build.ts';
import type { BuildSource, Settings } from '../../domain/settings.ts';
import { fillTemplate } from '../../domain/tag-template.ts';
import type { Occasion } from '../occasion.ts';
import { orUnknown } from '../or-unknown.ts';
import type { BuildReader } from '../ports/host.ts';
import type { DispatchedBuild } from '../ports/jobs.ts';

/** What CI has built, as far as it was asked this time. */
export interface BuiltNow {
  builds: readonly Build[];
  /** Applications of which every source gave a build: all that there is to know of them. */
  complete: ReadonlySet<string>;
  /** Sources that did not answer as they should. */
  unknown: readonly UnknownBuild[];
}

export interface UnknownBuild {
  application: string;
  repository: string;
  reason: string;
  /** It may be known the next time. */
  isPassing: boolean;
}

/** Builds of the applications that the occasion gives reason to look at. */
export async function observeBuilds(
  reader: BuildReader,
  settings: Settings,
  { lookAt, readTold }: Pick<Occasion, 'lookAt' | 'readTold'>,
): Promise<BuiltNow> {
  const telling = settings.sources.filter(({ event }) => event.kind === 'dispatch');
  const dispatched = telling.length > 0 ? await readTold(telling.map(({ repository }) => repository)) : [];
  const all = lookAt.includes('*');
  const repositories = new Set(lookAt.map((name) => name.toLowerCase()));
  const isMeant = ({ repository }: BuildSource) => all || repositories.has(repository.toLowerCase());
  const applications = new Set(settings.sources.filter(isMeant).map(({ application }) => application));
  const unknown: UnknownBuild[] = [];
  const heard = await Promise.all(
    settings.sources.map(async (source): Promise<{ application: string; builds: Build[] }> => {
      const { application, repository } = source;
      const told = dispatched.flatMap((dispatch) => toBuild(source, dispatch) ?? []);
      if (source.event.kind === 'dispatch' || !applications.has(application)) {
        return { application, builds: told };
      }
      const read = await orUnknown(`the builds of ${repository}`, () => reader.readLatestBuild(source));
      const answer = read.known ? read.value : read;
      if (answer.known) return { application, builds: answer.value ? [answer.value] : [] };
      unknown.push({ application, repository, reason: answer.reason, isPassing: answer.isPassing ?? false });
      return { application, builds: [] };
    }),
  );
  const silent = new Set(heard.filter(({ builds }) => builds.length === 0).map((each) => each.application));
  const complete = heard.map(({ application }) => application).filter((each) => !silent.has(each));
  return { builds: heard.flatMap(({ builds }) => builds), complete: new Set(complete), unknown };
}

/** The build that a dispatch tells of, when it is of the source's repository and type and fills its templates. */
function toBuild(source: BuildSource, dispatch: DispatchedBuild): Build | null {
  const { event, repository, application, images } = source;
  if (event.kind !== 'dispatch' || event.type !== dispatch.type) return null;
  if (repository.toLowerCase() !== dispatch.repository.toLowerCase()) return null;
  const sha = typeof dispatch.payload.sha === 'string' ? dispatch.payload.sha : null;
  const facts = { sha, release: null, payload: dispatch.payload };
  const tag = fillTemplate(source.tag, facts);
  if (tag === null) return null;
  const digest = source.digest === null ? null : fillTemplate(source.digest, facts);
  const cause = `dispatch ${dispatch.type} of ${repository}`;
  return {
    application,
    repository,
    tag,
    digest,
    images,
    commit: sha,
    author: dispatch.sender,
    cause,
    url: null,
  };
}
