import type { z } from 'zod';
import type { DeploymentTerms } from '../domain/settings.ts';
import { checkDuration, toDurationMs } from './check-duration.ts';
import { checkOwnDeploymentName } from './check-health.ts';
import { OWN_HEALTH_EXAMPLES, ownHealth, toHealthSource } from './health-source.ts';
import { section, text } from './schema-parts.ts';

const health = ownHealth.meta({
  description: 'What reports the health of this environment: the deployment says what that says.',
  examples: OWN_HEALTH_EXAMPLES,
});

export const deployments = section({
  name: text(200, checkOwnDeploymentName)
    .optional()
    .meta({
      description:
        'The environment on GitHub. `{env}` and `{app}` stand for this environment and the application. Default: `{env}/{app}`.',
      examples: ['{env}/{app}', '{env}'],
    }),
  health,
  within: text(30, checkDuration)
    .optional()
    .meta({
      description:
        'How long after the merge the health is mirrored. What has not become healthy by then is an error. Default: `1h`.',
      examples: ['1h'],
    }),
})
  .optional()
  .meta({
    description:
      'Make a GitHub deployment of each promotion that merged, and mirror the health of this environment in it.',
    examples: [{ health: 'argocd' }],
  });

type Written = NonNullable<z.infer<typeof deployments>>;

const DEFAULT_NAME = '{env}/{app}';
const DEFAULT_WITHIN_MS = 60 * 60 * 1000;

export function toDeployments({ name = DEFAULT_NAME, health, within }: Written): DeploymentTerms {
  return { name, source: toHealthSource(health), withinMs: toDurationMs(within, DEFAULT_WITHIN_MS) };
}
