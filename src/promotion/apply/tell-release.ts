import { parseGroupTrailers } from '../../domain/group-trailers.ts';
import { parseTrailers } from '../../domain/trailers.ts';
import type { Action } from '../plan/plan-types.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryWriter } from '../ports/repository.ts';
import { withStory } from '../story/story-body.ts';
import { type Storyteller, tellStory } from '../story/tell-story.ts';

type Telling = Extract<Action, { kind: 'tell-story' }>;

/**
 * Tells on an open pull request what it brings. Nothing depends on it: what cannot be told is left to the next look, and
 * what never can be, is left out.
 */
export async function tryToTell(
  host: Pick<RepositoryWriter, 'updatePull'> & { fullName: string },
  { number, body, carried }: Telling,
  storyteller: Storyteller,
  log: Log,
): Promise<void> {
  try {
    const told = withStory(body, await tellStory(storyteller, carried, true));
    if (told !== body) await host.updatePull(number, { body: told });
  } catch (error) {
    log.warn({ repository: host.fullName, pull: number, err: error }, 'what is in it is not told');
  }
}

/** A pull request that is opened or written anew tells at once what is known without asking GitHub. */
export async function withKnownStory<Each extends Action>(
  action: Each,
  storyteller: Storyteller | null,
  log: Log,
): Promise<Each> {
  if (!storyteller || (action.kind !== 'open-promotion' && action.kind !== 'update-promotion')) return action;
  const { commitMessage, body } = action;
  const one = parseTrailers(commitMessage);
  const carried = one ? [one] : (parseGroupTrailers(commitMessage)?.members ?? []);
  try {
    return { ...action, body: withStory(body, await tellStory(storyteller, carried, false)) };
  } catch (error) {
    log.warn({ repository: storyteller.repository, err: error }, 'what is in it is not told');
    return action;
  }
}
