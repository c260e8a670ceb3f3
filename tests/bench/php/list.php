<?php
// The Customers page's data, read as the application reads it: session by its cookie, cursor, 51 rows by key, the rows
// above them, the counters. Both pages (plain.php, xslt.php) and both CSV files are made of it.
// sql.php, written by the bench, has the application's own statements and where the database is.
// Left out, since the measured page needs none of it: filters, folding, paging backwards, recounting of contracts.
declare(strict_types=1);

const DISTRIBUTOR_SIZE = 1 << 50;
const RESELLER_SIZE = 1 << 25;
const LIMIT = 50;
const TIERS = [1 => 'distributor', 'reseller', 'customer'];
const SOURCES = [1 => 'failed', 'warning', 'success', 'not_available'];
const STATUSES = ['active', 'scheduled', 'draft', 'expired', 'cancelled', 'superseded'];
const COLUMNS = ['customer' => 'Customer', 'status' => 'Status', 'admin' => 'Admin', 'source' => 'Source data',
	'contracts' => 'Contracts', 'domain' => 'Domain', 'tier' => 'Tier', 'id' => 'Customer ID', 'created' => 'Created'];
const COLUMNS_SHOWN = ['customer', 'status', 'admin', 'source', 'contracts'];

// Columns of session_read (src/auth/session.c) and of the list's statements, in their order.
const S_CREATED = 26, S_SEEN = 27, S_USER_ENDED = 30, S_TENANT_ENDED = 31;
const L_TREE_POS = 0, L_ID = 2, L_PARENT = 3, L_NAME = 4, L_DOMAIN = 5, L_CREATED = 6, L_SUSPENDED = 7,
	L_ONBOARDING = 8, L_DONE = 9, L_TOTAL = 10, L_ADMIN = 11, L_PENDING = 12, L_ROLLUP = 13, L_CONTRACTS = 14;

final class Site
{
	public array $config;
	public mysqli $db;
	public string $secret, $path, $now;
	public array $user;          // name, initials
	public string $role;
	public array $home, $acting; // id, name, tier, tenant, low
	public bool $switched = false, $may_switch;
	public int $low, $high;

	public function __construct()
	{
		$this->config = require $_SERVER['BENCH_SQL'];
		mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
		$this->db = mysqli_init();
		$this->db->real_connect('p:localhost', $this->config['user'], $this->config['password'], $this->config['database'], 0,
			$this->config['socket']);
		$this->db->set_charset('utf8mb4');
		$this->path = $_SERVER['REQUEST_URI'];
		$this->now = gmdate('Y-m-d H:i:s.000');
	}

	// Runs a statement of the application; its SCOPE is the acting tenant's.
	public function query(string $name, string|int ...$values): array
	{
		$sql = vsprintf($this->config['sql'][$name], [$this->low ?? 0, $this->high ?? 0, ...$values]);
		return $this->db->query($sql)->fetch_all(MYSQLI_NUM);
	}

	public function text(string $value): string
	{
		return "'" . $this->db->real_escape_string($value) . "'";
	}

	// Who acts, by the session's cookie; ends the request when nobody does.
	public function session(): void
	{
		$this->secret = $_COOKIE['tenantry'] ?? '';
		$hash = hash('sha256', $this->secret);
		$row = strlen($this->secret) === 43 ? $this->query('session_read', "x'$hash'")[0] ?? null : null;
		$now = time();
		if ($row === null || $now - strtotime($row[S_SEEN] . 'Z') > 12 * 3600 || $now - strtotime($row[S_CREATED] . 'Z') > 7 * 86400 ||
			$row[S_USER_ENDED] || $row[S_TENANT_ENDED]) {
			header('Location: /login', true, 303);
			exit;
		}
		$this->user = ['name' => trim("$row[3] $row[4]"), 'initials' => strtoupper($row[3][0] . $row[4][0])];
		$this->home = self::tenant(array_slice($row, 13, 4));
		$this->role = $row[5];
		$this->may_switch = $row[6] !== 'none';
		$this->acting = $this->home;
		if ($row[17] !== null && !$row[21] && $this->may_switch) {
			$this->acting = self::tenant(array_slice($row, 17, 4));
			$this->role = $row[6];
			$this->switched = true;
		}
		$this->low = $this->acting['low'];
		$this->high = $this->low + ($this->acting['tier'] === 1 ? DISTRIBUTOR_SIZE : RESELLER_SIZE);
		if ($now - strtotime($row[S_SEEN] . 'Z') > 60)
			$this->db->query(vsprintf($this->config['sql']['session_touch'], [0, 0, $this->text($this->now), "x'$hash'"]));
	}

	private static function tenant(array $row): array
	{
		return ['tenant' => $row[0], 'id' => $row[1], 'name' => $row[2], 'low' => (int)$row[3], 'tier' => self::tier((int)$row[3])];
	}

	private static function tier(int $label): int
	{
		return $label % DISTRIBUTOR_SIZE === 0 ? 1 : ($label % RESELLER_SIZE === 0 ? 2 : 3);
	}

	// The token of the forms, bound to session and acting tenant.
	public function token(): string
	{
		$front = self::base64(random_bytes(16)) . '.' . $this->acting['id'];
		$state = sodium_crypto_generichash_init($this->secret, 32);
		sodium_crypto_generichash_update($state, "form\0$front");
		return $front . '.' . self::base64(sodium_crypto_generichash_final($state, 32));
	}

	private static function base64(string $bytes): string
	{
		return sodium_bin2base64($bytes, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
	}

	public function headers(string $type): void
	{
		header("Content-Type: $type; charset=utf-8");
		header('Cache-Control: private, no-cache');
		header('Vary: Cookie, Accept-Encoding');
		header('X-Request-Id: ' . $_SERVER['TENANTRY_REQUEST_ID']);
		header('X-Content-Type-Options: nosniff');
		header('Referrer-Policy: same-origin');
		header('Cross-Origin-Opener-Policy: same-origin');
		header("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; " .
			"img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	}

	// One page of the list: its rows (context rows too), counts and addresses.
	public function page(): array
	{
		$after = $_GET['after'] ?? null;
		$cursor = null;
		$low = $this->low;
		if ($after !== null) {
			$since = gmdate('Y-m-d H:i:s.000', time() - 30 * 86400);
			$cursor = (int)($this->query('list_place_deleted_too', $this->text($after), $this->text($since))[0][0] ?? $this->missing());
			$low = $cursor + 1;
		}
		$items = $this->query('page', $low, $this->high, LIMIT + 1);
		$more = count($items) > LIMIT;
		if ($more)
			array_pop($items);
		$totals = $this->query('list_total', $this->acting['tenant'])[0];
		$rows = $this->with_context($items, $cursor);
		$links = [];
		if ($cursor !== null && $items)
			$links['previous'] = '/customers?before=' . $items[0][L_ID];
		if ($more)
			$links['next'] = '/customers?after=' . $items[LIMIT - 1][L_ID];
		if ($cursor !== null)
			$links['first'] = '/customers';
		$links['export'] = '/customers.csv?columns=' . implode(',', COLUMNS_SHOWN);
		if ($this->role === 'admin')
			$links += ['add' => '/customers/new', 'deleted' => '/customers/deleted'];
		$links['clear'] = '/customers';
		if ($this->acting['tier'] === 1)
			$links['fold-all'] = '/customers?folded=1';
		return ['matched' => $totals[0], 'total' => $totals[0], 'rows' => $rows, 'links' => $links, 'after' => $after];
	}

	private function missing(): never
	{
		http_response_code(400);
		exit;
	}

	// The reseller that the page starts inside stands on top of it.
	private function with_context(array $items, ?int $cursor): array
	{
		$repeated = null;
		$first = $items ? (int)$items[0][L_TREE_POS] : 0;
		$reseller = $first - $first % RESELLER_SIZE;
		if ($items && $cursor !== null && $reseller !== $first) {
			$rows = $this->query('list_rows_at', $reseller);
			$repeated = $cursor - $cursor % RESELLER_SIZE === $reseller;
			array_unshift($items, ...$rows);
		}
		$list = [];
		foreach ($items as $i => $row)
			$list[] = $this->row($row, $i === 0 && $repeated);
		return $list;
	}

	private function row(array $row, bool $repeated): array
	{
		$label = (int)$row[L_TREE_POS];
		$self = $label === $this->low;
		$tier = $label % DISTRIBUTOR_SIZE === 0 ? 1 : ($label % RESELLER_SIZE === 0 ? 2 : 3);
		$counts = array_filter(array_combine(STATUSES, array_slice($row, L_CONTRACTS, 6)));
		$parts = [];
		foreach ($counts as $status => $count)
			$parts[] = "$count $status";
		return [
			'id' => $row[L_ID], 'tier' => TIERS[$tier], 'name' => $row[L_NAME], 'level' => $tier - $this->acting['tier'],
			'parent' => $self ? '' : $row[L_PARENT], 'repeated' => $repeated, 'suspended' => (bool)$row[L_SUSPENDED],
			'domain' => $row[L_DOMAIN], 'created' => strtr(substr($row[L_CREATED], 0, 19), ' ', 'T') . 'Z', 'self' => $self,
			'switch' => !$self && $this->may_switch, 'fold' => $tier === 2 && !$self,
			'onboarding' => (bool)$row[L_ONBOARDING], 'done' => $row[L_DONE], 'tasks' => $row[L_TOTAL],
			'admin' => $row[L_ADMIN], 'pending' => (bool)$row[L_PENDING], 'source' => SOURCES[$row[L_ROLLUP]],
			'contracts' => $counts, 'contracts_text' => implode(', ', $parts),
		];
	}

	public function fold_href(array $list, array $row): string
	{
		return "/customers?fold=$row[id]" . ($list['after'] !== null ? "&after=$list[after]" : '');
	}

	// All rows of the scope for CSV, one after the other.
	public function all(): Generator
	{
		$sql = vsprintf($this->config['sql']['all'], [$this->low, $this->high]);
		foreach ($this->db->query($sql, MYSQLI_USE_RESULT) as $row)
			yield array_values($row);
	}

	public function csv_headers(): void
	{
		$this->headers('text/csv');
		header('Content-Disposition: attachment; filename="customers.csv"');
		header('X-Row-Count: ' . $this->query('list_total', $this->acting['tenant'])[0][0]);
	}

	public static function csv_header(): array
	{
		return ['Customer', 'Status', 'Admin', 'Source data', 'Contracts', 'Parent ID', 'Matched'];
	}

	// The cells of a row, formulas guarded.
	public function csv_cells(array $row): array
	{
		static $sources = [1 => 'Failed', 'Warning', 'Success', 'Not available'];
		$parts = [];
		for ($i = 0; $i < 6; $i++) {
			if ($row[L_CONTRACTS + $i] !== '0')
				$parts[] = $row[L_CONTRACTS + $i] . ' ' . STATUSES[$i];
		}
		$name = $row[L_NAME] . ($row[L_SUSPENDED] !== '0' ? ' (Suspended)' : '');
		$admin = $row[L_ADMIN] === null ? '---' : $row[L_ADMIN] . ($row[L_PENDING] !== '0' ? ' (Pending)' : '');
		$cells = [$name, $row[L_ONBOARDING] !== '0' ? "{$row[L_DONE]}/{$row[L_TOTAL]}" : '---', $admin, $sources[$row[L_ROLLUP]],
			$parts ? implode(', ', $parts) : '---', (int)$row[L_TREE_POS] === $this->low ? '' : $row[L_PARENT], 'yes'];
		foreach ([0, 2] as $i) {
			if (strspn($cells[$i], "=+-@\t\r", 0, 1) === 1 && $cells[$i] !== '---')
				$cells[$i] = "'$cells[$i]";
		}
		return $cells;
	}
}
