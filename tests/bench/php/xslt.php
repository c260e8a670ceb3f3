<?php
// The Customers page with DOM and XSLTProcessor: the application's document through the application's sheets. The document is
// written and parsed, which in PHP costs less than createElementNS() and appendChild() for each element.
declare(strict_types=1);
require __DIR__ . '/list.php';

// Opens an element; attributes that are null are left out.
function open(XMLWriter $xml, string $name, array $attributes = []): void
{
	$xml->startElement($name);
	foreach ($attributes as $key => $value) {
		if ($value !== null)
			$xml->writeAttribute($key, (string)$value);
	}
}

// A whole element.
function element(XMLWriter $xml, string $name, array $attributes, string $text = ''): void
{
	open($xml, $name, $attributes);
	if ($text !== '')
		$xml->text($text);
	$xml->endElement();
}

function yes(bool $is): ?string
{
	return $is ? 'yes' : null;
}

function put_session(XMLWriter $xml, Site $site): void
{
	open($xml, 'session', ['role' => $site->role, 'customers' => 'yes', 'switch' => yes($site->may_switch)]);
	element($xml, 'user', $site->user);
	foreach (['home' => $site->home, 'acting' => $site->acting] as $name => $tenant) {
		element($xml, $name, ['id' => $tenant['id'], 'name' => $tenant['name'], 'tier' => TIERS[$tenant['tier']],
			'switched' => yes($name === 'acting' && $site->switched)]);
	}
	element($xml, 'token', [], $site->token());
	$xml->endElement();
}

function put_tenant(XMLWriter $xml, Site $site, array $list, array $row): void
{
	open($xml, 'tenant', ['id' => $row['id'], 'tier' => $row['tier'], 'name' => $row['name'], 'level' => $row['level'],
		'parent' => $row['parent'] !== '' ? $row['parent'] : null, 'matched' => 'yes', 'repeated' => yes($row['repeated']),
		'suspended' => yes($row['suspended']), 'domain' => $row['domain'], 'created' => $row['created'], 'self' => yes($row['self']),
		'switch' => yes($row['switch']), 'fold' => $row['fold'] ? 'open' : null,
		'fold-href' => $row['fold'] ? $site->fold_href($list, $row) : null]);
	element($xml, 'status', $row['onboarding'] ? ['done' => $row['done'], 'total' => $row['tasks']] : ['complete' => 'yes']);
	if ($row['admin'] !== null)
		element($xml, 'admin', ['name' => $row['admin'], 'pending' => yes($row['pending'])]);
	element($xml, 'source', ['state' => $row['source']]);
	element($xml, 'contracts', $row['contracts'] + ['text' => $row['contracts_text'] !== '' ? $row['contracts_text'] : null]);
	$xml->endElement();
}

function put_customers(XMLWriter $xml, Site $site, array $list): void
{
	open($xml, 'customers', ['matched' => $list['matched'], 'total' => $list['total'], 'shown' => count($list['rows'])]);
	element($xml, 'filter', []);
	open($xml, 'columns');
	foreach (COLUMNS as $name => $title) {
		element($xml, 'column', ['name' => $name, 'title' => $title, 'shown' => yes(in_array($name, COLUMNS_SHOWN, true)),
			'fixed' => yes($name === 'customer')]);
	}
	$xml->endElement();
	element($xml, 'view', ['density' => 'standard', 'limit' => LIMIT]);
	foreach ($list['links'] as $rel => $href)
		element($xml, 'link', ['rel' => $rel, 'href' => $href]);
	foreach ($list['rows'] as $row)
		put_tenant($xml, $site, $list, $row);
	$xml->endElement();
}

$site = new Site();
$site->session();
$list = $site->page();
$xml = new XMLWriter();
$xml->openMemory();
open($xml, 'page', ['xmlns' => 'urn:tenantry:1', 'kind' => 'customers', 'lang' => 'en', 'base' => '/', 'assets' => $site->config['assets'],
	'request' => $_SERVER['TENANTRY_REQUEST_ID'], 'path' => $site->path]);
put_session($xml, $site);
put_customers($xml, $site, $list);
$xml->endElement();
$document = new DOMDocument();
$document->loadXML($xml->outputMemory());

$sheet = new DOMDocument();
$sheet->load(__DIR__ . '/customers.xsl');
$processor = new XSLTProcessor();
$processor->importStylesheet($sheet);
$result = $processor->transformToDoc($document);
// The element and not the document: the document would be written in ASCII, with a reference for every other letter.
$html = "<!DOCTYPE html>\n" . $result->saveHTML($result->documentElement) . "\n";
$site->headers('text/html');
header('Content-Length: ' . strlen($html));
echo $html;
