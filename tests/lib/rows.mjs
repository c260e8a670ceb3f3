// Rows of the list as the page and the document have them, in the terms of model.mjs.
import { SOURCE_TITLES } from './model.mjs';

export function xmlRows(document) {
	return document.all('customers tenant').map((tenant) => {
		const status = tenant.one('status'), admin = tenant.one('admin'), contracts = tenant.one('contracts');
		return {
			id: tenant.attr('id'), parentId: tenant.attr('parent'), tier: tenant.attr('tier'), name: tenant.attr('name'),
			domain: tenant.attr('domain'), created: tenant.attr('created'), level: Number(tenant.attr('level')),
			matched: { yes: true, no: false }[tenant.attr('matched')], suspended: tenant.attr('suspended') === 'yes',
			status: status.attr('complete') ? { complete: true }
				: { complete: false, done: Number(status.attr('done')), total: Number(status.attr('total')) },
			admin: admin && { name: admin.attr('name'), pending: admin.attr('pending') === 'yes' },
			source: tenant.one('source').attr('state'),
			contracts: Object.fromEntries(Object.entries(contracts.attrs).filter(([name]) => name !== 'text').map(([name, value]) => [name, Number(value)])),
			repeated: tenant.attr('repeated') === 'yes',
		};
	});
}

// A row as a person reads it: the texts of the cells as the CSV would have them, and the marks beside the name.
export function htmlRows(page) {
	return page.all('table[aria-label=Customers] tbody tr').map((tr) => {
		const head = tr.one('th[scope=row]'), fold = head.one('.fold');
		const marks = head.all('span').filter((span) => !span.is('.tree')).map((span) => span.text);
		const match = marks.map((mark) => /^([\d,]+) match$/.exec(mark)).find(Boolean);
		return {
			cells: [head.one('.name').text, ...tr.all('td[data-label]').map(cellText)],
			matched: !tr.is('.context'), level: Number(/\bl(\d)\b/.exec(tr.attr('class'))[1]), suspended: marks.includes('Suspended'),
			repeated: marks.includes('continued'), fold: fold && fold.attr('aria-label').split(' ')[0],
			matches: match ? Number(match[1].replaceAll(',', '')) : null,
		};
	});
}

function cellText(td) {
	const label = td.attr('data-label'), text = td.text;
	if (label === 'Status' && td.one('.ring')) {
		const [, done, total] = /^Onboarding: (\d+) of (\d+) tasks done/.exec(text);
		return `${done}/${total}`;
	}
	if (label === 'Source data')
		return text.replace(/^Source data: /, '');
	return label === 'Admin' ? text.replace(/ Pending$/, ' (Pending)') : text;
}

export { SOURCE_TITLES };
