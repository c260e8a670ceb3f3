// What the pages do better with a script. Without it every control is a link or a form that works.
//
// - Lists ([data-swap]): filter, paging, folding, chips, columns and density change the page in place.
// - A secret that is shown once has a button that copies it.
// - Ring, source state, contracts summary, and what asks first open the page that they lead to in a dialog.
//
// Nothing is made from data but by parsing a page of this site: no innerHTML, no template strings as markup.

const main = document.querySelector('main');
const live = document.getElementById('live');
const pops = 'a.ring, a.state, a.sum, a.ask';
let pending = null; // the request under way
let owner = null; // and the element that shows its progress

// Fetches a page; a newer request cancels the one under way. Null when only a real navigation will do:
// an error, another content type, a login, another acting tenant, a new release of the assets.
async function fetchPage(url, init, kind) {
	pending?.abort();
	pending = new AbortController();
	const answer = await fetch(url, { ...init, headers: { Accept: 'text/html' }, signal: pending.signal });
	if (!answer.ok || !(answer.headers.get('Content-Type') ?? '').startsWith('text/html'))
		return null;
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	const here = document.body.dataset, there = page.body.dataset;
	const script = (of) => of.querySelector('script[src]')?.getAttribute('src');
	if (there.acting !== here.acting || script(page) !== script(document) || (kind && there.kind !== kind))
		return null;
	return { page, url: answer.url };
}

// Runs a request that shows its progress on an element; leaves the page when it cannot be done in place.
async function inPlace(busy, url, { init, kind, done, leave = () => location.assign(url) }) {
	owner = busy;
	busy.setAttribute('aria-busy', 'true');
	try {
		const got = await fetchPage(url, init, kind);
		if (got)
			done(got);
		else
			leave();
	} catch (error) {
		if (error.name === 'AbortError' && busy === owner)
			return; // the newer request shows its progress on the same element
		if (error.name !== 'AbortError')
			leave();
	}
	busy.removeAttribute('aria-busy');
}

// ---- Lists ---------------------------------------------------------------------------------------------

// The control that had the focus is found again by id or, for chips and the like, by its place.
function keepFocus() {
	const had = document.activeElement;
	const form = had?.closest('[popover]');
	const id = form ? form.id + '-button' : had?.id;
	const inside = main.contains(had);
	return () => {
		if (!inside)
			return;
		const again = (id && document.getElementById(id)) || document.getElementById('filter-button') || main;
		again.focus({ preventScroll: true });
	};
}

const address = () => location.href.split('#')[0];
let shown = address();

function swap(url, { init, leave, push = true, scroll = null } = {}) {
	const focus = keepFocus();
	const done = ({ page, url: at }) => {
		const y = scroll ?? window.scrollY;
		if (push) {
			history.replaceState({ y: window.scrollY }, '');
			history.pushState({ y }, '', at);
		}
		shown = address();
		document.title = page.title;
		main.replaceChildren(...page.querySelector('main').childNodes);
		upgrade();
		focus();
		window.scrollTo({ top: y, behavior: 'instant' });
		// In other words than the count itself, which is on the page already.
		live.textContent = (document.getElementById('count')?.textContent ?? '').replace(' of ', ' out of ');
	};
	inPlace(main, url, { init, leave, done, kind: document.body.dataset.kind });
}

const samePath = (url) => new URL(url).pathname === location.pathname;
const plain = (event) => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

document.addEventListener('click', (event) => {
	const link = event.target.closest?.('a[href]');
	if (!link || !plain(event))
		return;
	if (link.matches(pops)) {
		event.preventDefault();
		openPopup(link);
	} else if (link.closest('[data-swap]') && samePath(link.href)) {
		event.preventDefault();
		swap(link.href);
	}
});

document.addEventListener('submit', (event) => {
	const form = event.target;
	if (!form.closest('[data-swap]') || form.id === 'switch')
		return;
	const data = new URLSearchParams(new FormData(form, event.submitter));
	if (form.method === 'get' && samePath(form.action)) {
		for (const [name, value] of [...data])
			if (value === '')
				data.delete(name);
		event.preventDefault();
		const query = data.toString();
		swap(location.pathname + (query ? '?' + query : ''));
	} else if (form.matches('[popover]')) {
		// Columns and density: the answer leads back to this list.
		event.preventDefault();
		swap(form.action, { init: { method: 'POST', body: data }, leave: () => form.submit() });
	}
});

window.addEventListener('popstate', (event) => {
	// "Skip to content" comes here too, and has the list already.
	if (main.querySelector('[data-swap]') && (address() !== shown || main.hasAttribute('aria-busy')))
		swap(location.href, { push: false, scroll: event.state?.y ?? 0 });
});

// ---- Pop-ups -------------------------------------------------------------------------------------------

function openPopup(control) {
	const done = ({ page }) => {
		const part = page.querySelector('[data-popup]');
		const heading = page.querySelector('main h1');
		if (!part || !heading)
			return location.assign(control.href);
		const title = make('h2', { id: 'popup-title' }, ...heading.childNodes);
		const close = make('button', { type: 'button', class: 'icon close', 'aria-label': { de: 'Schließen' }[document.documentElement.lang] ?? 'Close' });
		const dialog = make('dialog', { class: 'pop', 'aria-labelledby': 'popup-title', closedby: 'any' },
			make('div', { class: 'top' }, title, close), part);
		close.addEventListener('click', () => dialog.close());
		dialog.addEventListener('click', (event) => {
			if (event.target === dialog)
				dialog.close();
			if (event.target.closest('[data-close]') && plain(event)) {
				event.preventDefault();
				dialog.close();
			}
		});
		// A phone that is turned, or a page that is enlarged, must not lose it.
		const again = () => place(dialog, control);
		window.addEventListener('resize', again);
		dialog.addEventListener('close', () => {
			window.removeEventListener('resize', again);
			dialog.remove();
			if (control.isConnected)
				control.focus({ preventScroll: true });
		});
		document.querySelector('dialog')?.remove();
		document.body.append(dialog);
		dialog.showModal();
		again();
	};
	inPlace(control, control.href, { done });
}

function make(name, attributes, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		element.setAttribute(key, value);
	element.append(...children);
	return element;
}

// Beside the control where there is room, in the middle on small screens.
function place(box, control) {
	box.classList.remove('placed');
	box.removeAttribute('style');
	if (window.innerWidth < 720)
		return;
	const at = control.getBoundingClientRect(), size = box.getBoundingClientRect(), gap = 6;
	const top = Math.max(gap, Math.min(at.bottom + gap, window.innerHeight - size.height - gap));
	const start = document.dir === 'rtl' ? at.right - size.width : at.left;
	box.classList.add('placed');
	box.style.inset = 'auto';
	box.style.top = `${top}px`;
	box.style.left = `${Math.max(gap, Math.min(start, document.documentElement.clientWidth - size.width - gap))}px`;
}

// ---- Controls ------------------------------------------------------------------------------------------

// Links that act in place say that they are buttons.
function upgrade() {
	for (const link of main.querySelectorAll(pops)) {
		link.setAttribute('role', 'button');
		link.setAttribute('aria-haspopup', 'dialog');
	}
	for (const link of main.querySelectorAll('.fold')) {
		link.setAttribute('role', 'button');
		link.setAttribute('aria-expanded', String(link.classList.contains('open')));
	}
}

// Beside a secret that is shown once; browsers have a clipboard on safe connections alone.
for (const secret of navigator.clipboard ? document.querySelectorAll('.secret') : []) {
	const button = make('button', { type: 'button', class: 'button' }, 'Copy');
	button.addEventListener('click', async () => {
		await navigator.clipboard.writeText(secret.textContent).then(() => button.replaceChildren('Copied'), () => getSelection().selectAllChildren(secret));
		live.textContent = button.textContent === 'Copied' ? 'Copied' : '';
	});
	secret.after(button);
}

document.addEventListener('keydown', (event) => {
	if (event.key === ' ' && event.target.matches?.('a[role="button"]')) {
		event.preventDefault();
		event.target.click();
	}
});

// Browsers without anchor positioning: popovers come under their button all the same.
if (!CSS.supports('position-area: block-end'))
	document.addEventListener('toggle', (event) => {
		const control = event.newState === 'open' && document.querySelector(`[popovertarget="${CSS.escape(event.target.id)}"]`);
		if (control)
			place(event.target, control);
	}, true);

upgrade();
