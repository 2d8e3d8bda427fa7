// Help: what a terminal of the usual width shows whole.
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { helpOf, sayOption, specOf } from '../../src/cli/help.ts';

describe('the help of a command', () => {
  it.each(commandNames)(
    '%s has every way to write it, option, example and exit code, in lines of at most 100',
    (name) => {
      const help = helpOf(name);
      const { usage, options, examples, exits } = specOf(name);

      expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
      for (const words of usage)
        expect(help).toContain(`pullmedic ${name}${words === '' ? '' : ` ${words}`} [options]\n`);
      for (const [option, spec] of Object.entries(options)) expect(help).toContain(`  ${sayOption(option, spec)} `);
      for (const example of examples) expect(help).toContain(`\n  pullmedic ${example}\n`);
      for (const [code, says] of Object.entries(exits)) expect(help.replace(/\s+/g, ' ')).toContain(` ${code} ${says}`);
    },
  );

  it('says of every command of an app where its address and its sign-in come from, and of no other', () => {
    expect(helpOf('status')).toContain('PULLMEDIC_URL');
    expect(helpOf('status')).toContain('az login');
    expect(helpOf('classify')).not.toContain('PULLMEDIC_URL');
  });

  it('writes an option as people read it', () => {
    expect(sayOption('help', { type: 'boolean', short: 'h', says: '' })).toBe('-h, --help');
    expect(sayOption('why', { type: 'string', takes: 'TEXT', says: '' })).toBe('--why TEXT');
  });
});
