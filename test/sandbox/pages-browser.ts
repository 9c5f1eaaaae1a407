import { existsSync } from 'node:fs';
import { test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** CHROMIUM_PATH is taken as it is: where it is set and wrong, the tests fail. */
function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || PLACES.find((path) => existsSync(path));
}

const executablePath = findChromium();
if (executablePath === undefined)
  process.stderr.write(
    'Tests in a browser are skipped: there is no Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.\n',
  );

/** A test that needs a browser. */
export const browserTest = executablePath === undefined ? test.skip : test;

/** Headless, with a profile of its own that is gone afterwards; null where there is none. */
export async function launchBrowser(): Promise<Browser | null> {
  return executablePath === undefined ? null : chromium.launch({ executablePath });
}
