/** A whole tenant against the endpoint, without a worker: what the endpoint shows is what Entra wanted, in both ways to ask. */
import { createProvisioner, createTenant } from '@fresh-scim/entra-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScimApi, type TestApi } from '../support/scim-api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openScimApi();
});
afterEach(() => api.close());

describe.each(['read', 'filter'] as const)('managers looked for by %s', (managerCheck) => {
  it('a restart of provisioning has nothing to write', async () => {
    const tenant = createTenant({ seed: 3, size: 60, attributes: 'full' });
    const baseUrl = await api.listen();
    const provisioner = createProvisioner({ tenant, baseUrl, token: api.token, managerCheck });
    try {
      const initial = await provisioner.runCycle();
      expect(initial).toMatchObject({ failures: [], outcomes: { created: 60 } });
      expect(initial.managers.sent).toBeGreaterThan(40);
      const restart = await provisioner.restartProvisioning();
      expect(restart).toMatchObject({ failures: [], managers: { sent: 0, failures: [] } });
      expect(restart.requests.byVerb).toMatchObject({ POST: 0, PATCH: 0, DELETE: 0 });
      expect(restart.requests.byVerb.GET > 100).toBe(managerCheck === 'filter');
    } finally {
      await provisioner.close();
    }
  });
});
