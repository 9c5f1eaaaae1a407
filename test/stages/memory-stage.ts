import { makeMemoryHost } from '../memory-github/host.ts';
import { makeMemoryPeople } from '../memory-github/people.ts';
import { APP_ID, makeMemory } from '../memory-github/state.ts';
import { type Hook, type OpenStage, REPOSITORY, START_MS } from './stage.ts';

/** GitHub as data, for thousands of schedules. */
export const openMemoryStage: OpenStage = async ({ files, roles, isProtected = false, isSlow = false }) => {
  let nowMs = START_MS;
  const hooks: Hook[] = [];
  const memory = makeMemory({
    ...{ fullName: REPOSITORY, files, roles, isSlow },
    now: () => nowMs,
    requiredCheck: isProtected ? 'sluice/gates' : null,
    tell: (event, payload) => void hooks.push({ event, payload }),
  });
  return {
    appId: APP_ID,
    makeHost: () => makeMemoryHost(memory),
    people: makeMemoryPeople(memory),
    now: () => nowMs,
    pass(durationMs) {
      nowMs += durationMs;
    },
    takeHooks: async () => hooks.splice(0),
    stop: async () => undefined,
  };
};
