import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../../src/lib/console/messages.ts';
import { messagesMarkdown, messagesPage } from '../../../../src/lib/console/pages/messages.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { minute, nowMs } from '../../facts.ts';
import { deadStep } from '../../memory-upkeep.ts';

const shell = { nowMs, address: '/api/messages' };
const none: Messages = { dead: [], retrying: 0, poison: 0, systems: [], untold: [], untoldInAll: 0 };
const incident = `i${'0'.repeat(24)}`;
const some: Messages = {
  dead: [
    { ...deadStep, lastError: 'RestError 503', tries: 7 },
    { ...deadStep, id: 'd2', kind: 'unreadable', message: `<script>${'x'.repeat(900)}` },
  ],
  retrying: 2,
  poison: 'unreadable',
  systems: [
    {
      system: 'pager',
      state: 'key-refused',
      sinceMs: nowMs - minute,
      waiting: 3,
      dead: 1,
      unreadable: 1,
      detail: 'HTTP 401',
    },
    { system: 'chat', state: 'well', waiting: 0, dead: 0, unreadable: 0 },
  ],
  untold: [
    {
      incident,
      system: 'pager',
      state: 'refused',
      tries: 1,
      why: 'message-refused',
      detail: 'HTTP 400',
      failedAtMs: nowMs - minute,
    },
    {
      incident,
      system: 'pager',
      state: 'trying',
      tries: 2,
      why: 'throttled',
      detail: 'HTTP 429',
      failedAtMs: nowMs,
      nextAtMs: nowMs + minute,
    },
  ],
  untoldInAll: 5,
};

describe('the buttons of the page of messages', () => {
  it('send a message again or dismiss it, for an operator; one that cannot be read is only dismissed', () => {
    const viewer = { mayAnswer: true, name: 'Ada', id: 'a' } as const;
    const text = messagesPage(some, { ...shell, viewer });

    expect(text).toContain(`href="/api/answers/replay?of=${deadStep.id}&amp;shown=dead.7.${nowMs}"`);
    expect(text).toContain(`href="/api/answers/dismiss?of=${deadStep.id}&amp;shown=dead.7.${nowMs}"`);
    expect(text).toContain('href="/api/answers/dismiss?of=d2');
    expect(text).not.toContain('href="/api/answers/replay?of=d2');
  });

  it('are one sentence for a reader', () => {
    const text = messagesPage(some, { ...shell, viewer: { mayAnswer: false, name: 'Rita', because: 'no-role' } });

    expect(text.match(/without the app role Operator/g)).toHaveLength(1);
    expect(text).not.toContain('/api/answers/');
  });
});

describe('the messages of the queues', () => {
  it('are said to be handled only where none is on its way, and none may lie in a poison queue', () => {
    const said = 'Every message was handled.';

    expect(messagesPage(none, shell)).toContain(said);
    for (const more of [{ retrying: 1 }, { poison: 1 }, { poison: 'unreadable' }] as const) {
      expect(messagesPage({ ...none, ...more }, shell)).toContain('No message waits for a person.');
      expect(messagesPage({ ...none, ...more }, shell)).not.toContain(said);
      expect(markdown(messagesMarkdown({ ...none, ...more }))).not.toContain('was handled');
    }
  });

  it('have fifty cards at most, and a number that may not be complete says so', () => {
    const dead = Array.from({ length: 1000 }, (_, at) => ({ ...deadStep, id: `d${String(at).padStart(24, '0')}` }));
    const page = messagesPage({ ...none, dead }, shell);

    expect(page.match(/<li class="bad-edge"/g)).toHaveLength(50);
    expect(page).toContain('1,000 messages or more wait for a person; here are the 50 that failed last.');
  });
});

describe('the page of messages', () => {
  const text = messagesPage(some, shell);

  it('says why a message failed, and what a person can do', () => {
    expect(text).toContain('failed 35 times; the last error was RestError 503');
    expect(text).toContain(`pullmedic replay ${deadStep.id} --url`);
    expect(text).toContain('pullmedic dismiss d2 --url');
    expect(text).toContain('2 on their way once more; how many lie in the poison queues could not be read.');
  });

  it('shows the beginning of a message, as text', () => {
    expect(text).toContain(`&lt;script&gt;${'x'.repeat(392)}</pre>`);
    expect(text).not.toContain('<script');
  });

  it('says how each incident system is, and what it could not be told', () => {
    expect(text).toContain('<strong>pager</strong> <span class="badge bad">refuses our key</span> since');
    expect(text).toContain(
      'refuses our key, 3 waiting, 1 refused for good, 1 rows that cannot be read, last failure: HTTP 401',
    );
    expect(text).toContain(`<a href="/api/incidents/${incident}">`);
    expect(text).toContain('1 try failed (message-refused: HTTP 400)');
    expect(text).toContain('2 tries failed (throttled: HTTP 429), last <time');
    expect(text).toContain('pullmedic incident again --to pager');
    expect(text).toContain('And 3 more:');
  });

  it('where nothing failed says what is watched, and where no system is told', () => {
    const empty = messagesPage(none, shell);

    expect(empty).toContain('Every message was handled.');
    expect(empty).toContain('The settings name no incident system');
  });

  it('is the same as Markdown', () => {
    expect(markdown(messagesMarkdown(some)).replaceAll('\\', '')).toContain(
      `- pager, incident ${incident}: 1 try failed`,
    );
    expect(markdown(messagesMarkdown(none))).toContain('No message to an incident system has failed');
  });
});
