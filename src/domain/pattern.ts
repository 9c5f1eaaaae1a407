import { RE2JS } from 're2js';
import { remember } from './remember.ts';

/** A loop matches each of its entries with the same one. */
const MOST_REMEMBERED = 100;

/** A pattern that is matched in linear time. Throws when it is none: https://github.com/google/re2/wiki/Syntax */
export const compilePattern = remember(MOST_REMEMBERED, (pattern) => RE2JS.compile(pattern));
