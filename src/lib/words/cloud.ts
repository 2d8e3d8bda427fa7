// The Azure clouds and their addresses. pullmedic sends its requests to Azure only to hosts of one cloud.

export const clouds = ['public', 'china', 'usgovernment'] as const;
export type Cloud = (typeof clouds)[number];

export interface CloudAddresses {
  readonly arm: string;
  /** The SDKs' own name for the cloud. */
  readonly setting: 'AZURE_PUBLIC_CLOUD' | 'AZURE_CHINA_CLOUD' | 'AZURE_US_GOVERNMENT';
  readonly logs: string;
}

const addresses: Readonly<Record<Cloud, CloudAddresses>> = {
  public: {
    arm: 'https://management.azure.com',
    setting: 'AZURE_PUBLIC_CLOUD',
    logs: 'https://api.loganalytics.io',
  },
  china: {
    arm: 'https://management.chinacloudapi.cn',
    setting: 'AZURE_CHINA_CLOUD',
    logs: 'https://api.loganalytics.azure.cn',
  },
  usgovernment: {
    arm: 'https://management.usgovcloudapi.net',
    setting: 'AZURE_US_GOVERNMENT',
    logs: 'https://api.loganalytics.us',
  },
};

export function addressesOf(cloud: Cloud): CloudAddresses {
  return addresses[cloud];
}
