import { describe, expect, it } from 'vitest';
import { pageStyle } from '../../../src/lib/console/style.ts';

describe('the style of the pages', () => {
  it('loads nothing from elsewhere and cannot end its own element', () => {
    expect(pageStyle.text).not.toMatch(/url\((?!#[a-z]+\))|@import|</);
  });

  it('follows the scheme of the reader, and paper', () => {
    expect(pageStyle.text).toContain('prefers-color-scheme:dark');
    expect(pageStyle.text).toContain('@media print');
  });
});
