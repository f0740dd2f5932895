// See .ci/see-docs. Fails if the page asks another host for anything, if the browser reports an error, or if an operation that
// is tried out with the token does not answer 200.
const { chromium } = require('playwright-core');

const [origin, token, folder] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) faults.push(`asked elsewhere: ${request.url()}`);
  });
  const shot = (name) => page.screenshot({ path: `${folder}/${name}.png` });

  await page.goto(`${origin}/docs`);
  if (new URL(page.url()).pathname !== '/docs/') faults.push(`/docs led to ${page.url()}`);
  await page.locator('.opblock').first().waitFor({ timeout: 60000 });
  console.log('operations shown:', await page.locator('.opblock').count());
  await shot('page');

  await page.locator('.auth-wrapper .authorize').first().click();
  const dialog = page.locator('.modal-ux');
  await dialog.waitFor();
  await dialog.locator('input[aria-label="auth-bearer-value"]').fill(token);
  await shot('authorize');
  await dialog.locator('button.authorize').first().click();
  await shot('authorized');
  await dialog.locator('button.btn-done').first().click();

  const answer = await tryOut(page, 'read_me');
  await shot('tried');
  console.log('GET /v1/me:', answer.status);
  if (answer.status !== 200) faults.push(`GET /v1/me answered ${answer.status}`);
  const me = JSON.parse(answer.text);
  if (!me.personId) faults.push('GET /v1/me did not say who the caller is');

  // A change without the version that the caller saw is refused, so the header that is entered must be sent.
  const file = (me.students || []).map((student) => student.ilpFileId).find((id) => id);
  if (file) {
    const goals = await page.request.get(`${origin}/v1/ilp-files/${file}/goals`, { headers: { Authorization: `Bearer ${token}` } });
    const goal = (await goals.json()).items.find((one) => (one.allowedActions || []).includes('write'));
    if (goal) {
      const amended = await tryOut(page, 'amend_goal', { goalId: goal.id, 'If-Match': `"${goal.version}"` }, JSON.stringify({ title: goal.title }));
      await shot('amended');
      console.log('PATCH /v1/goals/{goalId}, If-Match as entered:', amended.sent['if-match'], '->', amended.status);
      if (amended.status !== 200) faults.push(`PATCH answered ${amended.status}: ${amended.text}`);
      const key = `see-docs-${goal.id}-${goal.version}`;
      const created = await tryOut(page, 'create_goal', { ilpFileId: file, 'Idempotency-Key': key });
      await shot('created');
      console.log('POST /v1/ilp-files/{ilpFileId}/goals, Idempotency-Key as entered:', created.sent['idempotency-key'], '->', created.status);
      if (created.status !== 201 || created.sent['idempotency-key'] !== key) faults.push(`POST answered ${created.status}: ${created.text}`);
    } else console.log('this caller writes no goal: writing was not tried');
  }

  // The other document can be chosen.
  await page.locator('.topbar select').selectOption({ label: 'OpenAPI 3.0' });
  await page.locator('.version-stamp, .info .version').filter({ hasText: 'OAS 3.0' }).first().waitFor({ timeout: 60000 });
  await shot('older');
  console.log('OpenAPI 3.0 shown');
  await browser.close();
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

// Opens an operation, enters its parameters and its body, and executes it.
async function tryOut(page, id, parameters = {}, body) {
  const block = page.locator(`.opblock[id$="-${id}"]`);
  await block.scrollIntoViewIfNeeded();
  if (!(await block.getAttribute('class')).includes('is-open')) await block.locator('.opblock-summary-control').click();
  for (const [name, value] of Object.entries(parameters)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  if (body) await block.locator('textarea.body-param__text').fill(body);
  const answered = page.waitForResponse((response) => response.url().startsWith(`${origin}/v1/`) && response.request().method() !== 'OPTIONS');
  await block.locator('button.execute').click();
  const response = await answered;
  await block.locator('.live-responses-table').scrollIntoViewIfNeeded();
  return { status: response.status(), text: await response.text(), sent: response.request().headers() };
}

main().catch((error) => { console.error(error.message); process.exit(1); });
