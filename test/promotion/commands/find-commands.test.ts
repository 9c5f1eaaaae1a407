import { findCommands, type HeardComments } from '../../../src/promotion/commands/find-commands.ts';
import type { ListedComment } from '../../../src/promotion/ports/pulls.ts';

const NOW_MS = Date.parse('2026-03-10T12:00:00Z');
const at = (secondsAgo: number) => new Date(NOW_MS - secondsAgo * 1_000).toISOString().replace('.000Z', 'Z');

function commentOf(id: number, secondsAgo: number, more: Partial<ListedComment> = {}): ListedComment {
  const time = at(secondsAgo);
  return {
    id,
    url: `https://github.example/${id}`,
    issue: 1,
    author: 'dan',
    isBot: false,
    isSluices: false,
    body: '/promote',
    createdAt: time,
    updatedAt: time,
    isEdited: false,
    hasVerdict: false,
    ...more,
  };
}

/** A repository with these comments, that counts what is asked of it. */
function makeReader(comments: ListedComment[], answered: number[] = []) {
  const asked: string[] = [];
  return {
    asked,
    fullName: 'acme/fleet',
    listChangedComments: async (since: string, page: number) => {
      asked.push(`${since} ${page}`);
      return comments
        .filter(({ updatedAt }) => updatedAt >= since)
        .sort((a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id)
        .slice((page - 1) * 100, page * 100);
    },
    hasAnswered: async (id: number) => {
      asked.push(`reactions of ${id}`);
      return answered.includes(id);
    },
    wasChangedBefore: async () => true,
  };
}

async function find(reader: ReturnType<typeof makeReader>, heard: HeardComments = new Map()) {
  const found: number[] = [];
  const hasMore = await findCommands(reader, heard, NOW_MS, async (id) => {
    found.push(id);
  });
  return { found, hasMore };
}

test('the first look goes back three days, and finds what nobody answered, oldest first', async () => {
  const answered = commentOf(3, 40, { hasVerdict: true });
  const comments = [commentOf(9, 10), commentOf(2, 50), answered, commentOf(1, 3 * 86_400 + 5)];
  const reader = makeReader(comments, [3]);
  expect(await find(reader)).toEqual({ found: [2, 9], hasMore: false });
  expect(reader.asked).toEqual(['2026-03-07T12:00:00Z 1', 'reactions of 3']);
});

test('when nothing is new it asks once, and for the same as before, so that the answer may be "not modified"', async () => {
  const reader = makeReader([commentOf(2, 50), commentOf(3, 40, { hasVerdict: true })], [3]);
  const heard: HeardComments = new Map();
  await find(reader, heard);
  reader.asked.length = 0;
  expect((await find(reader, heard)).found).toEqual([]);
  expect((await find(reader, heard)).found).toEqual([]);
  expect(reader.asked).toEqual([`${at(640)} 1`, `${at(640)} 1`]);
});

test('a comment that the list shows late is found all the same', async () => {
  const comments = [commentOf(5, 40)];
  const heard: HeardComments = new Map();
  await find(makeReader(comments), heard);
  comments.push(commentOf(4, 45), commentOf(6, 30));
  expect((await find(makeReader(comments), heard)).found).toEqual([4, 6]);
});

test('what bots say, what was edited and what is no command is left alone', async () => {
  const others = [
    commentOf(1, 4, { isBot: true }),
    commentOf(2, 3, { isEdited: true }),
    commentOf(3, 2, { body: 'Nice' }),
  ];
  expect((await find(makeReader(others))).found).toEqual([]);
});

test('more comments than one look reads are read by the next ones, each command once', async () => {
  const comments = Array.from({ length: 2_500 }, (_, index) => commentOf(index + 1, 200_000 - index * 30));
  const heard: HeardComments = new Map();
  const found: number[] = [];
  let looks = 0;
  for (let hasMore = true; hasMore; looks++) {
    const look = await find(makeReader(comments), heard);
    found.push(...look.found);
    hasMore = look.hasMore;
  }
  expect(found).toEqual(comments.map(({ id }) => id));
  expect(looks).toBe(3);
});

test('a comment that is changed while the pages are read hides no other one', async () => {
  const comments = Array.from({ length: 150 }, (_, index) => commentOf(index + 1, 1_000 - index));
  const reader = makeReader(comments);
  const list = reader.listChangedComments;
  reader.listChangedComments = async (since, page) => {
    const listed = await list(since, page);
    comments[0] = commentOf(1, 0, { isEdited: true });
    return listed;
  };
  expect((await find(reader)).found).toEqual(comments.slice(1).map(({ id }) => id));
});

test('what could not be given on is found again', async () => {
  const reader = makeReader([commentOf(2, 50)]);
  const heard: HeardComments = new Map();
  const fail = () => Promise.reject(new Error('no database'));
  await expect(findCommands(reader, heard, NOW_MS, fail)).rejects.toThrow('no database');
  expect((await find(reader, heard)).found).toEqual([2]);
});
