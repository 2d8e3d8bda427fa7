// What alerts, log rows and operations say of a container app.
import { describe, expect, it } from 'vitest';
import { containerApp } from '../../../../src/lib/workloads/container-app/container-app.ts';

describe('a container app', () => {
  it('is named by the columns that both tables of the system log have', () => {
    expect(containerApp.columns.name).toEqual({ classic: 'ContainerAppName_s', typed: 'ContainerAppName' });
  });

  it('is written, stopped and started by operations of its own type or of its revisions', () => {
    for (const operation of containerApp.operations) expect(operation).toContain(`${containerApp.type}/`);
    expect(containerApp.operations).not.toContain('microsoft.app/jobs/write');
  });
});
