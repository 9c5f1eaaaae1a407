import { z } from 'zod';
import { NOTICE_EVENTS, NOTIFY_FORMATS } from '../domain/notify-rule.ts';
import type { TextCheck } from './check-text.ts';
import { list, oneOrMore, section, text } from './schema-parts.ts';
import { glob } from './schema-promote.ts';

/** Only such variables are read for a config: it must not be able to have others sent anywhere. */
const checkVariable: TextCheck = (value) => {
  if (/^https?:/i.test(value))
    return 'a URL is a secret, and everybody can read the config; put it into an environment variable of Sluice, and write its name here';
  return /^SLUICE_NOTIFY_(?!SECRET$)[A-Z0-9_]{1,60}$/.test(value)
    ? null
    : 'write the name of an environment variable of Sluice that begins with SLUICE_NOTIFY_, such as SLUICE_NOTIFY_OPS';
};

const rule = section({
  url: text(100, checkVariable).meta({
    description:
      'Name of the environment variable of Sluice that holds the URL: `SLUICE_NOTIFY_` and a word of yours.',
    examples: ['SLUICE_NOTIFY_OPS'],
  }),
  format: z.enum(NOTIFY_FORMATS).default('json').meta({
    description:
      '`json`: signed JSON, as docs/guide/notifications.md tells; `slack`: what Slack and its like take.',
  }),
  events: oneOrMore(z.enum(NOTICE_EVENTS), NOTICE_EVENTS.length)
    .optional()
    .meta({
      description: 'Of what people are told. Default: of everything.',
      examples: [['waiting', 'failed']],
    }),
  environments: oneOrMore(text())
    .optional()
    .meta({ description: 'Environments by name or glob. Default: all.', examples: [['prod-*']] }),
  applications: oneOrMore(glob)
    .optional()
    .meta({ description: 'Globs of applications. Default: all.', examples: [['shop-*']] }),
});

export const notify = list(rule, 50, 0)
  .default([])
  .meta({
    description: 'Who is told what becomes of promotions, outside of GitHub.',
    examples: [
      [{ url: 'SLUICE_NOTIFY_OPS', format: 'slack', environments: ['prod'], events: ['waiting', 'failed'] }],
    ],
  });

export type ConfigNotify = z.infer<typeof rule>;
