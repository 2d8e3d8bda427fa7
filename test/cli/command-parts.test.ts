// What commands share.
import { expect, it } from 'vitest';
import { exits, ofApp } from '../../src/cli/command-parts.ts';

it('are the options and the exit codes of every command that asks an app', () => {
  expect(Object.keys(ofApp)).toEqual(['url', 'json', 'help']);
  expect(Object.keys(exits)).toEqual(['0', '1', '2']);
});
