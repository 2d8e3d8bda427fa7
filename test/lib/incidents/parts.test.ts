import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, cutText, fittingParts, oneLine, plainLines, titleWithin } from '../../../src/lib/incidents/parts.ts';
import { plainText } from '../../../src/lib/incidents/plain-text.ts';
import { appNamed, closedIncident, factsOf, openIncident, question, remediationOf } from './incident-data.ts';

const full = {
  ...factsOf(),
  observed: Array.from({ length: 30 }, (_, at) => `observed ${at}`),
  ruledOut: ['ruled out'],
};
const within = (limit: number, facts = full): string =>
  plainText(fittingParts(facts, (parts) => plainText(parts).length, limit));
const long = within(Number.POSITIVE_INFINITY);

/** The longest text that is shorter than this one. */
function shorter(text: string): string {
  return within(text.length - 1);
}

describe('a text that does not fit', () => {
  it('is whole where it fits', () => {
    for (const word of ['observed 29', 'ruled out', 'ca-search', 'Bicep', 'link vnet list', 'Delete the link'])
      expect(long).toContain(word);
  });

  it('loses evidence first, then the apps that still pull, then Bicep', () => {
    const steps: string[] = [];
    for (let text = long; text !== shorter(text); text = shorter(text)) steps.push(text);
    const goneAt = (word: string): number => steps.findIndex((text) => !text.includes(word));

    expect(goneAt('observed 29')).toBeLessThan(goneAt('observed 0'));
    expect(goneAt('observed 0')).toBeLessThan(goneAt('ca-search'));
    expect(goneAt('ca-search')).toBeLessThan(goneAt('Bicep'));
  });

  it.each([0, 50, 200, 500, 1000])('never loses the cause, the first command and the link (limit %s)', (limit) => {
    const text = within(limit);
    for (const word of [full.says, 'az network private-dns link vnet create', full.links.page ?? 'no page'])
      expect(text).toContain(word);
  });

  it('counts the apps that it does not name', () => {
    const members = Array.from({ length: 120 }, (_, at) => ({
      remediation: remediationOf('b'),
      app: appNamed(`ca-${at}`),
    }));
    expect(within(Number.POSITIVE_INFINITY, factsOf({ members }) as typeof full)).toContain('and 20 more');
    expect(within(0, factsOf({ members }) as typeof full)).toContain('AFFECTED APPS: 120');
  });

  it('keeps a first command that is Bicep', () => {
    const [, bicep] = openIncident.runbook.commands;
    const facts = { ...full, commands: bicep === undefined ? [] : [bicep] };
    expect(within(0, facts)).toContain('virtualNetworkLinks');
  });
});

describe('the text of an incident', () => {
  it('says instants, never how long ago something was', () => {
    expect(long).toContain('Since: 2026-06-01 01:58 UTC');
    expect(long).not.toMatch(/\bago\b/);
  });

  it('says what is asked and until when, with the link to answer', () => {
    const text = within(Number.POSITIVE_INFINITY, factsOf({ questions: [question] }) as typeof full);
    expect(text).toContain('pullmedic asks about ca-orders. An answer counts until 2026-06-01 06:00 UTC.');
    expect(text).toContain(`https://pullmedic.example/api/history/${question.remediation}`);
  });

  it('asks nothing that has expired', () => {
    const facts = factsOf({ questions: [{ ...question, says: 'expired' }] });
    expect(within(Number.POSITIVE_INFINITY, facts as typeof full)).not.toContain('pullmedic asks');
  });

  it('says how it ended, and gives no commands any more', () => {
    const text = within(Number.POSITIVE_INFINITY, factsOf(closedIncident) as typeof full);
    expect(text).toContain('Ended on 2026-06-01 02:00 UTC. All its apps recovered');
    expect(text).not.toContain('az network');
  });
});

describe('the title', () => {
  it('names the trouble, the registry and the number of apps', () => {
    expect(titleWithin(full, 200)).toBe('Link the private DNS zone to vnet-shop (acrshop.azurecr.io, 2 apps)');
    expect(titleWithin({ ...full, affected: full.affected.slice(1) }, 200)).toContain('1 app)');
  });

  it('is never longer than the limit and never ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 2, max: 60 }), (title, limit) => {
        const text = titleWithin({ ...full, title }, limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('text from outside', () => {
  it('stays in one line, without marks that are not seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
    );
    expect(oneLine('a\r\nb\u202ec')).toBe('a b c');
  });

  it('keeps the lines of a command', () => {
    expect(plainLines('az a\r\n\taz b\u202e\u0007')).toBe('az a\n\taz b');
  });

  it('is cut at a whole character, with a mark', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('ab…');
    expect(cutText('a😀😀', 3)).toBe('a…');
    expect(bytesOf('ä😀')).toBe(6);
  });
});
