import { z } from 'zod';
import { checkGlob, checkReviewer, checkTemplate } from './check-text.ts';
import { GATES, gate } from './gates/gate.ts';
import { environmentCommands } from './schema-commands.ts';
import { deployments } from './schema-deployments.ts';
import { list, oneOrMore, section, text } from './schema-parts.ts';
import { constraint, glob } from './schema-promote.ts';
import { rollback } from './schema-rollback.ts';

const gates = list(gate, 20, 0);

/** What an environment, the defaults and an override may say: where it is not said, another one of them does. */
const terms = {
  'auto-merge': z.boolean().optional().meta({
    description: 'Merge when all gates passed and the protection of the branch allows it.',
  }),
  gates: gates.optional().meta({
    description:
      'What a promotion into this environment waits for. All gates must pass; an empty list is no gates.',
    examples: [['manual', { approvals: 2 }]],
  }),
  guard: z.boolean().optional().meta({
    description:
      'Fail pull requests that change promoted values here directly, in place of a promotion. Default: false.',
  }),
  'no-override': list(z.enum([...GATES, 'hold', 'guard']), GATES.length + 2, 0)
    .optional()
    .meta({
      description: 'Gates, and `guard`, that nobody may pass by with `/override`.',
      examples: [['approvals']],
    }),
  reviewers: list(text(150, checkReviewer), 15, 0)
    .optional()
    .meta({
      description: 'Users and teams that are asked for review when a promotion opens.',
      examples: [['alice', 'acme/sre']],
    }),
  'allow-downgrade': z.boolean().optional().meta({
    description: 'Promote a version that is older than the one that stands here.',
  }),
  'allow-floating': z.boolean().optional().meta({
    description:
      'Promote floating tags (`latest`) and version ranges (`>=1.0`) too, which name no single release.',
  }),
  allow: constraint('Versions that may come here; a release with any other stays where it is.'),
  open: z
    .enum(['at-once', 'when-ready'])
    .optional()
    .meta({
      description:
        'When the pull request of a promotion opens: `at-once`, so that people see what is coming, or `when-ready`, once everything but approvals and checks on its head has passed. Default: `at-once`.',
      examples: ['when-ready'],
    }),
  commands: environmentCommands,
  candidate: z
    .enum(['current', 'qualified'])
    .optional()
    .meta({
      description:
        'Which release comes here next: the one that the source holds now (`current`), or the newest that has met its `soak` and `health` gates there although a newer one may have replaced it (`qualified`, from a single source). Default: `current`.',
      examples: ['qualified'],
    }),
  rollback,
  deployments,
};

// It becomes part of the name of a branch, as the environment's does.
const GROUP_NAME = /^(?!.*\.lock$)[A-Za-z0-9](?:\.?[A-Za-z0-9_-]){0,62}$/;

const group = z
  .union(
    [
      z.literal('all'),
      z.record(
        z.string().max(63).regex(GROUP_NAME, {
          error: 'the name of a group has letters, digits, -, _ and single dots, and 63 characters at most',
        }),
        oneOrMore(glob),
      ),
    ],
    { error: 'write `all`, or a map from the name of each group to globs of its applications' },
  )
  .optional()
  .meta({
    description:
      'Applications that come into this environment in one pull request: `all`, or named groups with globs of the applications. One that several groups name goes with the first; one that none names goes alone.',
    examples: ['all', { train: ['checkout', 'payments-*'] }],
  });

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
  group,
  ...terms,
});

export const defaults = section(terms)
  .optional()
  .meta({
    description: 'What holds in each environment that does not say its own, the first ones included.',
    examples: [{ 'auto-merge': true, gates: [{ checks: ['ci/smoke'] }] }],
  });

const override = section({
  applications: oneOrMore(glob).meta({
    description: 'Globs of the applications, by name, as in `applications`.',
    examples: [['payments/*', 'ledger']],
  }),
  environments: oneOrMore(text(200, checkGlob))
    .optional()
    .meta({
      description: 'Names or globs of the environments. Default: all.',
      examples: ['prod-*'],
    }),
  ...terms,
  gates: gates.optional().meta({ description: 'In place of the gates that stand there.' }),
  'add-gates': list(gate, 20)
    .optional()
    .meta({ description: 'On top of the gates that stand there.', examples: [['manual']] }),
}).superRefine((value, context) => {
  if (value.gates && value['add-gates']) {
    const message = '`gates` replaces what stands there and `add-gates` adds to it; keep one of them';
    context.addIssue({ code: 'custom', path: ['add-gates'], message });
  }
  const { applications, environments, ...said } = value;
  if (Object.values(said).every((each) => each === undefined)) {
    const message = 'this override changes nothing; write what is to be other, such as `add-gates:`';
    context.addIssue({ code: 'custom', message });
  }
});

export const overrides = list(override, 50, 0)
  .default([])
  .meta({
    description:
      'What is other for some applications than `environments` and `defaults` say. Where several concern one application, later ones win; `reviewers` and `allow` replace what stands there.',
    examples: [[{ applications: 'payments-*', environments: 'prod-*', 'add-gates': ['manual'] }]],
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
export type ConfigOverride = z.infer<typeof override>;
