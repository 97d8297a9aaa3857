import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examplePicture } from '@chatferry/sandbox/internal/page/example-picture';
import { createSandbox } from '@chatferry/sandbox/internal/sandbox';
import { startBrowser } from '@chatferry/sandbox/internal/testing/chromium';
import { beginStory, markups } from '@chatferry/sandbox/internal/testing/story';

/** Takes the README's picture of the sandbox: a conversation at both of its ends. Needs a Chromium. */
const file = fileURLToPath(new URL('../docs/images/sandbox.png', import.meta.url));

const sandbox = createSandbox();
const url = await sandbox.listen();
const story = await beginStory(url);
const chat = `/telegram/chats/${story.botId}/${story.chatId}`;

await story.control('POST', `${chat}/text`, { text: 'Hello! Where is my parcel?' });
const shipped = await story.send('Your order has shipped. Track or get help below.', markups.shipped);
await story.record(
  'teammate',
  '<p>Your order has shipped. Track or get help below.</p><p>[Track order → https://example.com/track/ORD-9876]<br>[Need help → suggests “help order ORD-9876”]</p>',
);
await story.control('POST', `${chat}/tap`, { message_id: shipped, row: 0, column: 1 });
await story.control('POST', `${chat}/send-draft`);
await story.record('customer', 'help order ORD-9876\n⁂ (answer to the button “Need help”)');
const photo = examplePicture().toString('base64');
await story.control('POST', `${chat}/file`, { kind: 'photo', content_base64: photo, caption: 'It came like this' });
await story.record('customer', 'It came like this\n⁂ (sent a photo)', [
  { content_type: 'image/png', name: 'photo.png', data: photo },
]);
await story.reply('I am sorry! We send you another one.');
await story.send('I am sorry! We send you another one.');
await story.send('How can we help you today?', markups.help);
await story.record(
  'teammate',
  '<p>How can we help you today?</p><p>[Track my order]  [Return an item]<br>[Share my number → asks for the phone number]<br>[Share my location → asks for the location]</p>',
);

const browser = await startBrowser({ colorScheme: 'light', deviceScaleFactor: 1 });
const { page } = await browser.open(url);
await page.getByRole('button', { name: 'Share my location' }).waitFor();
await page.locator('inbox-conversation').getByText('How can we help you today?').waitFor();
await page.locator('img.picture').nth(1).waitFor();
mkdirSync(dirname(file), { recursive: true });
await page.screenshot({ path: file });
await browser.close();
await sandbox.close();
process.stdout.write(`${file} (${Math.round(statSync(file).size / 1024)} KB)\n`);
