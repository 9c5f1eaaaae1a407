import { z } from 'zod';
import { checkReviewer, checkTemplate } from './check-text.ts';
import { gate } from './gates/gate.ts';
import { list, oneOrMore, section, text } from './schema-parts.ts';
import { constraint } from './schema-promote.ts';

const environment = section({
  from: oneOrMore(text(63), 20)
    .optional()
    .meta({
      description:
        'The environment that releases come from; with several, all of them must hold the release. Without it, the environment takes builds.',
      examples: ['dev', ['qa', 'perf']],
    }),
  path: oneOrMore(text(200, checkTemplate), 10)
    .optional()
    .meta({
      description: 'A path for this environment alone, in place of the shared one. `{env}` is not needed.',
      examples: ['clusters/prod-eu/{app}'],
    }),
  'auto-merge': z.boolean().default(false).meta({
    description: 'Merge when all gates passed and the protection of the branch allows it.',
  }),
  gates: list(gate, 20, 0)
    .default([])
    .meta({
      description: 'What a promotion into this environment waits for. All gates must pass.',
      examples: [['manual', { approvals: 2 }]],
    }),
  reviewers: list(text(150, checkReviewer), 15, 0)
    .default([])
    .meta({
      description: 'Users and teams that are asked for review when a promotion opens.',
      examples: [['alice', 'acme/sre']],
    }),
  'allow-downgrade': z.boolean().default(false).meta({
    description: 'Promote a version that is older than the one that stands here.',
  }),
  'allow-floating': z.boolean().default(false).meta({
    description:
      'Promote floating tags (`latest`) and version ranges (`>=1.0`) too, which name no single release.',
  }),
  allow: constraint('Versions that may come here; a release with any other stays where it is.'),
});

// It becomes part of the name of a branch, which git refuses to end in `.lock`.
const ENVIRONMENT_NAME = /^(?!.*\.lock$)[A-Za-z0-9](?:\.?[A-Za-z0-9_-]){0,62}$/;

export const environments = z
  .record(
    z.string().max(63).regex(ENVIRONMENT_NAME, {
      error:
        'the name of an environment has letters, digits, -, _ and single dots, starts with a letter or digit, does not end in a dot or .lock, and has 63 characters at most',
    }),
    z.union([z.null(), environment], { error: 'write the settings of the environment, or nothing' }),
  )
  .meta({
    description:
      'The environments by name, in any order. At least one is without `from`: builds arrive there.',
    examples: [{ dev: null, staging: { from: 'dev', 'auto-merge': true } }],
  });

export type ConfigEnvironment = z.infer<typeof environment>;
