import { ProbotOctokit } from 'probot';
import { carefulRequests } from './careful-requests.ts';

/** Answers that the retry plugin leaves alone: its own list, and 429, which asks to wait. */
const DO_NOT_RETRY = [400, 401, 403, 404, 410, 413, 422, 429, 451];

/**
 * Probot's Octokit, which hands "slow down" to whoever called instead of waiting itself: the queue puts all work of that
 * installation to sleep, and nothing waits in the memory of a process that may end.
 *
 * https://github.com/octokit/plugin-throttling.js#readme and https://github.com/octokit/plugin-retry.js#readme
 */
export const PatientOctokit = ProbotOctokit.plugin(carefulRequests() as never).defaults(
  (options: { throttle?: object; retry?: object; request?: object }) => ({
    ...options,
    throttle: { ...options.throttle, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: { ...options.retry, doNotRetry: DO_NOT_RETRY },
  }),
) as unknown as typeof ProbotOctokit;
