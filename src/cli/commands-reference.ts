import { COMMANDS, PERMISSIONS, usageOf } from '../domain/commands/table.ts';

const INTRODUCTION = `# Commands

<!-- Made by \`npm run schema\` of \`src/domain/commands/table.ts\`, as \`/help\` is. -->

In a comment on any issue or pull request of the GitOps repository:

- One command a line, anywhere in the comment. What stands in code, in quotes and in HTML comments is no command.
- Several lines are several commands, up to ten; they are taken in their order.
- On a promotion's pull request, a command without names means its promotion. On another pull request,
  \`/promote\`, \`/why\`, \`/status\` and \`/history\` mean the applications whose files it changes.
- Sluice reacts with eyes when it begins, with a rocket when it has done something, with a confused face when it has
  not; then the answer says why. A newer answer to a question folds the older ones of the thread.
- A slip of the fingers (\`/promte\`) is asked about, and nothing is done. Other words behind a slash are not Sluice's.
- Bots start nothing. Neither do edited comments, since an edit may be somebody else's: Sluice says so once.

## All commands
`;

const WHO = `## From a shell

    GITHUB_TOKEN=... GITHUB_REPOSITORY=acme/gitops npx sluice promote checkout to prod

says the same as you, in a comment on the dashboard (\`--on NUMBER\`: on an issue or pull request), and prints the answer.
It can do no more than the comment. It ends with 0 when it was done, 1 when it was refused, 2 when no answer came within
\`--wait\` seconds (120).

## Who may use them

Sluice asks GitHub at that moment; when GitHub does not answer, nothing is done and it is tried again. Everybody who may
read the repository may ask questions. For the others, the config names a least role, or a list of roles, \`codeowners\`,
\`user:LOGIN\` and \`team:ORGANIZATION/TEAM\`, of which any is enough; an environment, the defaults and overrides may name
others:

\`\`\`yaml
commands:
  promote: write
  override: [admin, team:acme/sre]
environments:
  staging:
  prod:
    from: staging
    commands:
      promote: [team:acme/release-managers]
      hold: [write, codeowners]
\`\`\`

- A command about several places needs the permission in all of them: \`/hold checkout\` that of each environment.
- Code owners must own each promoted file of the target that has an owner, by the CODEOWNERS of the default branch, and
  have write access, as on GitHub.
- Teams are read with the App's permission \`members: read\`.
- Who asked for a promotion with \`/promote\`, and who wrote what it changes, do not count for the gate
  [\`approvals\`](gates/approvals.md), unless it says \`allow-requester\` or \`allow-author\`.
`;

/** Markdown of `docs/commands.md`, out of the table of commands. */
export function commandsReference(): string {
  const rows = COMMANDS.map((entry) => {
    const { permission, does, page } = entry;
    const usual = permission ? `\`${PERMISSIONS[permission].usual}\`` : '';
    return `| \`${usageOf(entry)}\` | ${does} | ${usual} | ${page ? `[more](${page})` : ''} |`;
  });
  const permissions = Object.entries(PERMISSIONS).map(
    ([name, { usual, least, about }]) => `| \`${name}\` | ${about} | \`${usual}\` | \`${least}\` |`,
  );
  return [
    INTRODUCTION,
    '| command | does | usual role | |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    WHO,
    '| key of `commands` | is for | usual role | the least that can be set |',
    '| --- | --- | --- | --- |',
    ...permissions,
    '',
  ].join('\n');
}
