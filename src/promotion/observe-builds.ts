import type { Build } from '../domain/build.ts';
import type { BuildSource, Settings } from '../domain/settings.ts';
import { fillTemplate } from '../domain/tag-template.ts';
import type { Occasion } from './occasion.ts';
import type { BuildReader, DispatchedBuild } from './ports.ts';

/** Builds of the applications that the occasion gives reason to look at. */
export async function observeBuilds(
  reader: BuildReader,
  settings: Settings,
  { lookAt, builds: dispatched }: Pick<Occasion, 'lookAt' | 'builds'>,
): Promise<Build[]> {
  const all = lookAt.includes('*');
  const repositories = new Set(lookAt.map((name) => name.toLowerCase()));
  const isMeant = ({ repository }: BuildSource) => all || repositories.has(repository.toLowerCase());
  const applications = new Set(settings.sources.filter(isMeant).map(({ application }) => application));
  const sources = settings.sources.filter(
    ({ application, event }) => applications.has(application) && event.kind !== 'dispatch',
  );
  const read = await Promise.all(sources.map((source) => reader.readLatestBuild(source)));
  const told = dispatched.flatMap((dispatch) =>
    settings.sources.flatMap((source) => toBuild(source, dispatch) ?? []),
  );
  return [...read.filter((build) => build !== null), ...told];
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
