<?php
// All rows as CSV, streamed, with fputcsv.
declare(strict_types=1);
require __DIR__ . '/list.php';

set_time_limit(0);
$site = new Site();
$site->session();
$site->csv_headers();
ob_start(null, 65536);
$out = fopen('php://output', 'w');
fputcsv($out, Site::csv_header(), ',', '"', '', "\r\n");
foreach ($site->all() as $row)
	fputcsv($out, $site->csv_cells($row), ',', '"', '', "\r\n");
