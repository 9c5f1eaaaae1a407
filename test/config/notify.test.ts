import { parseConfig } from '../../src/config/parse-config.ts';
import { NOTICE_EVENTS } from '../../src/domain/notify-rule.ts';

const config = (rule: string) => `path: apps/{app}/overlays/{env}
environments:
  dev: {}
  prod-eu: { from: dev }
  prod-us: { from: dev }
notify:
  - ${rule}
`;

test('globs become the environments that they mean, and what is left out is everything', () => {
  const parsed = parseConfig(config('{ url: SLUICE_NOTIFY_OPS, environments: "prod-*", format: slack }'));
  expect(parsed.ok && parsed.settings.notify).toEqual([
    {
      variable: 'SLUICE_NOTIFY_OPS',
      format: 'slack',
      events: [...NOTICE_EVENTS],
      environments: ['prod-eu', 'prod-us'],
      applications: ['**'],
    },
  ]);
});

test.each([
  ['{ url: "https://hooks.slack.com/x" }', 'a URL is a secret'],
  ['{ url: DATABASE_URL }', 'begins with SLUICE_NOTIFY_'],
  ['{ url: SLUICE_NOTIFY_SECRET }', 'begins with SLUICE_NOTIFY_'],
  ['{ url: SLUICE_NOTIFY_OPS, events: [deployed] }', 'deployed'],
  ['{ format: slack }', 'url'],
])('%s is told to be wrong', (rule, message) => {
  const parsed = parseConfig(config(rule));
  expect(parsed.ok ? '' : parsed.problems.map((each) => each.message).join()).toContain(message);
});
