<?php
// The Customers page with plain templates. It gives the bytes that xslt/customers.xsl gives, so it changes with that sheet;
// the bench compares the two before it measures.
declare(strict_types=1);
require __DIR__ . '/list.php';

const SOURCE_TITLES = ['success' => 'Success', 'warning' => 'Warning', 'failed' => 'Failed', 'not_available' => 'Not available'];
const TIER_TITLES = ['distributor' => 'Distributor', 'reseller' => 'Reseller', 'customer' => 'Customer'];

function e(string $text): string
{
	return htmlspecialchars($text, ENT_COMPAT | ENT_SUBSTITUTE, 'UTF-8');
}

function boxes(string $name, array $values, array $chosen = []): string
{
	$html = '';
	foreach ($values as $value => $title) {
		$checked = in_array($value, $chosen, true) ? ' checked' : '';
		$html .= "<label><input type=\"checkbox\" name=\"$name\" value=\"$value\"$checked>$title</label>";
	}
	return $html;
}

function filter_form(string $clear): void
{
	$sources = boxes('source', SOURCE_TITLES);
	$tiers = boxes('tier', TIER_TITLES);
	$statuses = boxes('status', ['onboarding' => 'Onboarding', 'complete' => 'Complete']);
	$below = boxes('below', ['1' => 'With everything below']);
	?><form id="filter" popover="auto" class="pop" method="get" action="/customers" aria-label="Filter"><?php
	?><label class="field"><span>Customer</span><input type="text" name="q" value="" maxlength="100" autocomplete="off" spellcheck="false" enterkeyhint="search" autofocus="autofocus"></label><?php
	?><p class="hint">Part of a name, a domain or an ID</p><?php
	?><div class="groups"><fieldset><legend>Source data</legend><?= $sources ?></fieldset><?php
	?><fieldset><legend>Tier</legend><?= $tiers ?></fieldset><fieldset><legend>Status</legend><?= $statuses ?></fieldset><?php
	?><label class="field"><span>Suspended</span><select name="suspended"><option value="">Any</option><option value="yes">Suspended</option><option value="no">Not suspended</option></select></label></div><?php
	?><?= $below ?><p class="foot"><button class="primary">Apply</button><a class="button quiet" href="<?= e($clear) ?>">Clear</a></p></form><?php
}

function view_hidden(string $token, string $path): string
{
	return "<input type=\"hidden\" name=\"token\" value=\"$token\"><input type=\"hidden\" name=\"next\" value=\"$path\">";
}

function view_tools(array $links, string $token, string $path): void
{
	$hidden = view_hidden($token, $path);
	$others = COLUMNS;
	unset($others['customer']);
	$columns = boxes('columns', $others, COLUMNS_SHOWN);
	$folding = isset($links['fold-all']) ? '<a class="button quiet" id="fold-all" href="' . e($links['fold-all']) . '">Fold all</a>' : '';
	?><span class="end"><?= $folding ?><button type="button" id="columns-button" class="i columns" popovertarget="columns">Columns</button><?php
	?><button type="button" id="density-button" class="i density" popovertarget="density">Density</button><?php
	?><a class="button i export" href="<?= e($links['export']) ?>">Export</a></span><?php
	?><form id="columns" popover="auto" class="pop at-end" method="post" action="/account/view" aria-label="Columns"><?= $hidden ?><?php
	?><fieldset><legend>Columns to show</legend><input type="hidden" name="columns" value="customer"><?= $columns ?></fieldset><?php
	?><p class="foot"><button class="primary">Apply</button></p></form><?php
	?><form id="density" popover="auto" class="pop at-end" method="post" action="/account/view" aria-label="Density"><?= $hidden ?><?php
	?><fieldset><legend>Line spacing</legend><?php
	?><label><input type="radio" name="density" value="compact">Compact</label><?php
	?><label><input type="radio" name="density" value="standard" checked>Standard</label><?php
	?><label><input type="radio" name="density" value="comfortable">Comfortable</label></fieldset><?php
	?><label class="field"><span>Rows a page</span><select name="limit"><?php
	foreach ([25, 50, 100, 200] as $limit) {
		?><option value="<?= $limit ?>"<?= $limit === LIMIT ? ' selected' : '' ?>><?= $limit ?></option><?php
	}
	?></select></label><p class="foot"><button class="primary">Apply</button></p></form><?php
}

function name_cell(Site $site, array $list, array $row, string $name): void
{
	if ($row['fold']) {
		?><a class="fold open" id="f<?= $row['id'] ?>" aria-label="Hide customers of <?= $name ?>" href="<?= e($site->fold_href($list, $row)) ?>"></a><?php
	}
	?><bdi class="name"><?= $name ?></bdi><?php
	if ($row['tier'] !== 'customer') {
		?> <span class="tier"><?= TIER_TITLES[$row['tier']] ?></span><?php
	}
	if ($row['suspended']) {
		?> <span class="tag bad">Suspended</span><?php
	}
	if ($row['repeated']) {
		?> <span class="tier">continued</span><?php
	}
}

function status_cell(array $row): void
{
	if (!$row['onboarding']) {
		?><span class="dash">---</span><?php
		return;
	}
	[$done, $tasks] = [$row['done'], $row['tasks']];
	?><a class="ring" href="/customers/<?= $row['id'] ?>/onboarding"><span class="vh">Onboarding: <?= $done ?> of <?= $tasks ?> tasks done</span><?php
	?><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"></circle><?php
	if ($done > 0) {
		?><path d="M12 3a9 9 0 0 1 0 18 9 9 0 0 1 0-18" pathLength="<?= $tasks ?>" stroke-dasharray="<?= $done ?> <?= $tasks ?>"></path><?php
	}
	?></svg><span aria-hidden="true"><?= $done ?>/<?= $tasks ?></span></a><?php
}

function tenant_row(Site $site, array $list, array $row): void
{
	$name = e($row['name']);
	$id = $row['id'];
	?><tr class="l<?= $row['level'] ?><?= $row['repeated'] ? ' again' : '' ?>"><th scope="row"><span class="tree"><?php name_cell($site, $list, $row, $name) ?></span></th><?php
	?><td data-label="Status"><?php status_cell($row) ?></td><td data-label="Admin"><?php
	if ($row['admin'] !== null) {
		?><bdi><?= e($row['admin']) ?></bdi><?= $row['pending'] ? ' <span class="tag">Pending</span>' : '' ?><?php
	} else {
		?><span class="dash">---</span><?php
	}
	?></td><td data-label="Source data"><a class="state <?= $row['source'] ?>" href="/customers/<?= $id ?>/health"><span class="vh">Source data: </span><?= SOURCE_TITLES[$row['source']] ?></a></td><td data-label="Contracts"><?php
	if ($row['contracts_text'] !== '') {
		?><a class="sum" href="/customers/<?= $id ?>/contracts/summary"><?= $row['contracts_text'] ?></a><?php
	} else {
		?><span class="dash">---</span><?php
	}
	?></td><td class="set"><a class="icon gear" href="/customers/<?= $id ?>" aria-label="Settings"></a></td><td class="sw"><?php
	if ($row['switch']) {
		?><button class="icon swap" form="switch" name="tenant" value="<?= $id ?>" aria-label="Switch to <?= $name ?>"></button><?php
	}
	?></td></tr><?php
}

function table(Site $site, array $list): void
{
	?><div class="scroll rows w<?= count(COLUMNS_SHOWN) ?>"><table aria-label="Customers"><thead><tr><?php
	foreach (COLUMNS_SHOWN as $name) {
		?><th scope="col" class="c-<?= $name ?>"><?= COLUMNS[$name] ?></th><?php
	}
	?><th scope="col" class="c-end"><span class="vh">Settings</span></th><th scope="col" class="c-end"><span class="vh">Switch tenant</span></th></tr></thead><tbody><?php
	foreach ($list['rows'] as $row)
		tenant_row($site, $list, $row);
	?></tbody></table></div><?php
}

function empty_list(string $clear): void
{
	?><div class="empty"><h2>Nothing matches this filter</h2><p>No customer here has everything that you asked for.</p><?php
	?><a class="button" href="<?= e($clear) ?>">Show all customers</a></div><?php
}

function foot(array $links): void
{
	?><div class="pager"><span><button type="button" class="quiet" popovertarget="density"><?= LIMIT ?> rows a page</button></span><span><?php
	if (isset($links['first'])) {
		?><a class="button quiet" id="first" href="<?= e($links['first']) ?>">First page</a><?php
	}
	if (isset($links['previous'])) {
		?><a class="button" id="previous" rel="prev" href="<?= e($links['previous']) ?>">Previous page</a><?php
	}
	if (isset($links['next'])) {
		?><a class="button" id="next" rel="next" href="<?= e($links['next']) ?>">Next page</a><?php
	}
	?></span></div><?php
}

function bar(Site $site, string $token): void
{
	?><header class="bar"><a class="brand" href="/"><span class="mark" aria-hidden="true"></span><span class="word">Tenantry</span></a><?php
	?><nav aria-label="Main"><a href="/customers" aria-current="page">Customers</a><a href="/contracts">Contracts</a></nav><?php
	?><button type="button" class="quiet who" popovertarget="menu"><span class="face" aria-hidden="true"><?= e($site->user['initials']) ?></span><bdi class="long"><?= e($site->user['name']) ?></bdi></button><?php
	?><div id="menu" popover="auto" class="pop at-end menu"><p class="about"><bdi><?= e($site->home['name']) ?></bdi><span class="soft"><?= $site->role === 'admin' ? 'Admin' : 'Sales' ?></span></p><?php
	?><a href="/account">Account</a><?= $site->may_switch ? '<a href="/switch">Switch tenant</a>' : '' ?><form method="post" action="/logout"><input type="hidden" name="token" value="<?= $token ?>"><button class="quiet">Log out</button></form></div></header><?php
	if ($site->switched) {
		?><div class="acting" role="status"><span>Viewing as <bdi><?= e($site->acting['name']) ?></bdi></span><span class="soft long">Signed in as <bdi><?= e($site->user['name']) ?></bdi></span><?php
		?><form method="post" action="/switch"><input type="hidden" name="token" value="<?= $token ?>"><input type="hidden" name="tenant" value=""><button><span>Back to <bdi><?= e($site->home['name']) ?></bdi></span></button></form></div><?php
	}
}

function page(Site $site, array $list): void
{
	$token = e($site->token());
	$path = e($site->path);
	$assets = $site->config['assets'];
	$switch = array_filter(array_column($list['rows'], 'switch')) !== [];
	echo "<!DOCTYPE html>\n";
	?><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><?php
	?><title>Customers - <?= e($site->acting['name']) ?> - Tenantry</title><link rel="icon" href="/assets/favicon.svg?v=<?= $assets ?>" type="image/svg+xml"><?php
	?><link rel="stylesheet" href="/assets/tenantry.css?v=<?= $assets ?>"><script type="module" src="/assets/tenantry.js?v=<?= $assets ?>"></script></head><?php
	?><body data-kind="customers" data-acting="<?= $site->acting['id'] ?>"><a class="skip" href="#main">Skip to content</a><?php
	bar($site, $token);
	?><main id="main" tabindex="-1"><div class="head"><h1>Customers</h1><span class="count" id="count"><?= number_format((float)$list['matched']) ?> of <?= number_format((float)$list['total']) ?> customers</span><?php
	if (isset($list['links']['add'])) {
		?><a class="button primary i plus act" href="<?= e($list['links']['add']) ?>">Add customer</a><?php
		?><a class="button quiet" href="<?= e($list['links']['deleted']) ?>">Deleted customers</a><?php
	}
	?></div><?php
	?><div class="card" data-density="standard" data-swap=""><div class="tools"><button type="button" id="filter-button" class="i filter" popovertarget="filter">Filter</button><?php
	filter_form($list['links']['clear']);
	view_tools($list['links'], $token, $path);
	?></div><?php
	if ($list['rows'])
		table($site, $list);
	else
		empty_list($list['links']['clear']);
	foot($list['links']);
	?></div><?php
	if ($switch) {
		?><form id="switch" method="post" action="/switch"><input type="hidden" name="token" value="<?= $token ?>"></form><?php
	}
	?></main><p id="live" class="vh" role="status"></p></body></html><?php
	echo "\n";
}

$site = new Site();
$site->session();
$list = $site->page();
$site->headers('text/html');
ob_start();
page($site, $list);
header('Content-Length: ' . ob_get_length());
ob_end_flush();
