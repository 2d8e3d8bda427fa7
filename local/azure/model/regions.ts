// Names of regions: most services write `westeurope`, Container Apps writes `West Europe` (as recorded for every app).

const shown: Readonly<Record<string, string>> = {
  eastus: 'East US',
  eastus2: 'East US 2',
  northeurope: 'North Europe',
  swedencentral: 'Sweden Central',
  uksouth: 'UK South',
  westeurope: 'West Europe',
  westus: 'West US',
};

/** A region as Container Apps shows it; one that is not in the list is shown as it is written. */
export function shownRegion(region: string): string {
  return shown[region] ?? region;
}
