import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';

import { OWNER } from './rest';

/** How the editor looks. */
export type Theme = 'light' | 'dark';

const TEST_SUCCESS = '[data-test-id="credentials-config-container-test-success"]';
const VIEWPORT = { width: 1440, height: 900 };
/** A small machine draws slowly. */
const WAIT_MS = 60_000;
/** Chromium as root, in a container, and without calls home. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** n8n's editor in a real browser, signed in as the owner. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		/** The page, for what this class has no words for. */
		readonly page: Page,
		private readonly url: string,
	) {}

	/**
	 * Opens it and signs in.
	 *
	 * @param url of an n8n that has its owner
	 */
	static async open(url: string): Promise<Editor> {
		selectors.setTestIdAttribute('data-test-id');
		const { CHROMIUM: executablePath = 'chromium' } = process.env;
		const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
		const context = await browser.newContext({ viewport: VIEWPORT });
		const page = await context.newPage();
		page.setDefaultTimeout(WAIT_MS);
		await page.goto(`${url}/signin`);
		await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
		await page.locator('input[name="password"]').fill(OWNER.password);
		await page.getByTestId('form-submit-button').click();
		await page.waitForURL(/\/home\//);
		return new Editor(browser, page, url);
	}

	/** An empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	/** A workflow that n8n has. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** The panel of a node on the canvas. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await this.panel.waitFor();
	}

	/** Back to the canvas. */
	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** The form of a credential, as it is after the test that n8n runs when it opens. */
	async openCredential(id: string): Promise<Locator> {
		await this.page.goto(`${this.url}/home/credentials/${id}`);
		const form = this.page.getByTestId('editCredential-modal');
		await form.locator(TEST_SUCCESS).waitFor();
		return form;
	}

	/** What the node panel finds for these words, by the names it shows. */
	async search(words: string): Promise<string[]> {
		const { page } = this;
		const bar = page.getByTestId('node-creator-search-bar');
		if (!(await bar.isVisible())) {
			const first = page.getByTestId('canvas-add-button');
			const another = page.getByTestId('node-creator-plus-button');
			await ((await first.isVisible()) ? first : another).click();
		}
		await bar.fill(words);
		const found = page.getByTestId('node-creator-item-name');
		await found
			.filter({ hasText: /WeCom|企业微信/ })
			.first()
			.waitFor();
		return await found.allInnerTexts();
	}

	/** Begins an empty workflow with a trigger of n8n's own. */
	async addTrigger(name: string): Promise<void> {
		const { page } = this;
		await page.getByTestId('canvas-add-button').click();
		await page.getByTestId('node-creator-item-name').getByText(name, { exact: true }).click();
		await page.getByTestId('canvas-node').first().waitFor();
	}

	/** Adds a node by its name, and one of its actions where it has any; its panel opens. */
	async add(node: string, action?: string): Promise<void> {
		const { page } = this;
		await this.search(node);
		await page.getByTestId('node-creator-item-name').getByText(node, { exact: true }).click();
		if (action) {
			const item = page.getByTestId('node-creator-item-name').getByText(action, { exact: true });
			const headings = page.getByTestId('node-creator-category-item');
			await headings.first().waitFor();
			// Which of triggers and actions is folded up depends on what the workflow has already.
			if (!(await item.isVisible())) await headings.filter({ hasText: 'Actions' }).click();
			await item.click();
		}
		await this.panel.waitFor();
	}

	/** The panel of the open node. */
	get panel(): Locator {
		return this.page.getByTestId('ndv');
	}

	/** What the open node put out. */
	get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	/** The input of a parameter of the open node. */
	field(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`).locator('input, textarea').first();
	}

	/**
	 * Runs the open node alone, and waits for what it puts out.
	 *
	 * @param meanwhile what a trigger waits for
	 */
	async execute(meanwhile?: () => Promise<void>): Promise<void> {
		const button = this.page.getByTestId('node-execute-button');
		await button.click();
		if (meanwhile) {
			await button.getByText('Stop Listening').waitFor();
			await meanwhile();
		}
		await this.output.locator('tbody tr').first().waitFor();
	}

	/** How the open node shows what it put out. */
	async showOutputAs(view: 'Schema' | 'Table' | 'JSON'): Promise<void> {
		await this.output.getByText(view, { exact: true }).click();
	}

	/** The URL that the open trigger shows. */
	async webhookUrl(): Promise<string> {
		return (await (await this.unfoldUrls()).innerText()).trim();
	}

	/** Has the open trigger show the URL of the published workflow. */
	async showProductionUrl(): Promise<void> {
		const choice = this.panel.getByRole('radio', { name: 'Production URL' });
		// They may be folded up again in between.
		for (let triesLeft = 5; ; triesLeft--) {
			await this.unfoldUrls();
			try {
				return await choice.click({ timeout: 3000 });
			} catch (error) {
				if (triesLeft === 0) throw error;
			}
		}
	}

	/** Unfolds the URLs of the open trigger: n8n folds them up whenever the node has changed. */
	private async unfoldUrls(): Promise<Locator> {
		const shown = this.panel.locator('.webhook-url').first();
		if (!(await shown.isVisible())) await this.panel.getByText('Webhook URLs').click();
		await shown.waitFor();
		return shown;
	}

	/** Saves what the window shows as a PNG. */
	async screenshot(path: string, theme: Theme = 'light'): Promise<void> {
		await this.page.mouse.move(0, 0);
		// What the editor's own switch of the theme does.
		await this.page.evaluate(`document.body.setAttribute('data-theme', '${theme}')`);
		await this.page.screenshot({
			path,
			animations: 'disabled',
			caret: 'hide',
			// What comes and goes by itself, and a button that Chromium shows without its label.
			style: `.el-notification, [role="tooltip"], ${TEST_SUCCESS} button { display: none !important; }`,
		});
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
