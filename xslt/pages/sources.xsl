<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/sources: the tab Source data, with the last 30 runs of each source and the runs by day of everything below. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'sources']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Source data</xsl:template>

<xsl:template match="t:page[@kind = 'sources']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<h2 class="vh">Source data</h2>
	<xsl:if test="not(t:source)"><section class="card"><div class="empty"><h3>No billing source is connected</h3><p>Source data is not available until there is one.</p></div></section></xsl:if>
	<div class="stack">
		<xsl:for-each select="t:source"><xsl:call-template name="source"/></xsl:for-each>
		<xsl:for-each select="t:history"><xsl:call-template name="history"/></xsl:for-each>
	</div>
	<xsl:for-each select="t:form">
		<section class="card pad small">
			<h2>Connect billing data</h2>
			<xsl:call-template name="form"/>
		</section>
	</xsl:for-each>
</xsl:template>

<xsl:template name="source">
	<section class="card pad">
		<div class="head">
			<h3>Account <span class="mono"><xsl:value-of select="@account"/></span></h3>
			<span class="dot {@state}"><xsl:call-template name="state-word"/></span>
			<xsl:if test="@since"><span class="hint">since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></xsl:if>
		</div>
		<xsl:if test="@message"><p class="notice"><xsl:value-of select="@message"/></p></xsl:if>
		<dl class="facts">
			<dt>Report</dt><dd class="mono"><xsl:value-of select="@report"/></dd>
			<dt>Location</dt><dd class="mono"><xsl:value-of select="@location"/></dd>
			<dt>Connected</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@connected"/></xsl:call-template></dd>
		</dl>
		<xsl:choose>
			<xsl:when test="t:run"><xsl:call-template name="runs"/></xsl:when>
			<xsl:otherwise><p class="soft">No run has been reported yet.</p></xsl:otherwise>
		</xsl:choose>
		<xsl:if test="/t:page/t:form"><p class="foot">
			<a class="button" href="{$base}customers/{/t:page/t:customer/@id}/sources/{@id}">Edit<span class="vh"> account <xsl:value-of select="@account"/></span></a>
			<a class="button ask" href="{$base}customers/{/t:page/t:customer/@id}/sources/{@id}/disconnect">Disconnect<span class="vh"> account <xsl:value-of select="@account"/></span></a>
		</p></xsl:if>
	</section>
</xsl:template>

<!-- Bars from the oldest to the newest, as high as there are rows; the mark under each has the shape of its state as everywhere. -->
<xsl:template name="runs">
	<xsl:variable name="most"><xsl:for-each select="t:run[@rows]"><xsl:sort select="@rows" data-type="number" order="descending"/><xsl:if test="position() = 1"><xsl:value-of select="@rows"/></xsl:if></xsl:for-each></xsl:variable>
	<figure class="history">
		<svg viewBox="0 0 300 52" role="img">
			<xsl:attribute name="aria-label">Last <xsl:value-of select="count(t:run)"/> runs: <xsl:value-of select="count(t:run[@status = 'success'])"/> success, <xsl:value-of select="count(t:run[@status = 'warning'])"/> warning, <xsl:value-of select="count(t:run[@status = 'failed'])"/> failed, <xsl:value-of select="count(t:run[not(@status)])"/> running; <xsl:value-of select="format-number(sum(t:run/@rows), '#,##0')"/> rows</xsl:attribute>
			<xsl:for-each select="t:run">
				<xsl:variable name="height"><xsl:choose><xsl:when test="@rows &gt; 0"><xsl:value-of select="2 + ceiling(34 * @rows div $most)"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:variable>
				<g transform="translate({300 - position() * 10} 0)">
					<xsl:attribute name="class"><xsl:choose><xsl:when test="@status"><xsl:value-of select="@status"/></xsl:when><xsl:otherwise>not_available</xsl:otherwise></xsl:choose></xsl:attribute>
					<rect x="0" y="{38 - $height}" width="8" height="{$height}"/>
					<xsl:call-template name="shape"><xsl:with-param name="state" select="@status"/></xsl:call-template>
				</g>
			</xsl:for-each>
		</svg>
		<figcaption class="hint"><span><xsl:if test="count(t:run) &gt; 1">Rows, older to newer</xsl:if></span><span>Last run <xsl:call-template name="instant"><xsl:with-param name="at" select="t:run[1]/@started"/></xsl:call-template></span></figcaption>
	</figure>
	<details>
		<summary><xsl:choose><xsl:when test="count(t:run) = 1">The run</xsl:when><xsl:otherwise>Last <xsl:value-of select="count(t:run)"/> runs</xsl:otherwise></xsl:choose></summary>
		<div class="scroll rows">
			<table aria-label="Runs of account {@account}">
				<thead><tr><th scope="col" class="c-at">Started</th><th scope="col" class="c-at">Finished</th><th scope="col" class="c-tier">Status</th><th scope="col" class="c-tier number">Rows</th><th scope="col" class="c-tier">Period</th><th scope="col">Message</th></tr></thead>
				<tbody>
					<xsl:for-each select="t:run">
						<tr>
							<th scope="row"><xsl:call-template name="instant"><xsl:with-param name="at" select="@started"/></xsl:call-template></th>
							<td data-label="Finished"><xsl:call-template name="instant"><xsl:with-param name="at" select="@finished"/></xsl:call-template></td>
							<td data-label="Status"><xsl:call-template name="run-status"/></td>
							<td data-label="Rows" class="number"><xsl:if test="@rows"><xsl:value-of select="format-number(@rows, '#,##0')"/></xsl:if></td>
							<td data-label="Period"><xsl:value-of select="@period"/></td>
							<td data-label="Message" class="full"><xsl:value-of select="@message"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</details>
</xsl:template>

<xsl:template name="run-status">
	<xsl:choose>
		<xsl:when test="@status = 'success'"><span class="dot success">Success</span></xsl:when>
		<xsl:when test="@status = 'warning'"><span class="dot warning">Warning</span></xsl:when>
		<xsl:when test="@status = 'failed'"><span class="dot failed">Failed</span></xsl:when>
		<xsl:otherwise><span class="dot not_available">Running</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- Round, standing on its tip, square, or open: as beside the words. -->
<xsl:template name="shape">
	<xsl:param name="state"/>
	<xsl:choose>
		<xsl:when test="$state = 'failed'"><rect x="1" y="42" width="6" height="6"/></xsl:when>
		<xsl:when test="$state = 'warning'"><path d="M4 41l4 4-4 4-4-4z"/></xsl:when>
		<xsl:when test="$state = 'success'"><circle cx="4" cy="45" r="3"/></xsl:when>
		<xsl:otherwise><circle class="open" cx="4" cy="45" r="2.5"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="history">
	<section class="card pad">
		<div class="head"><h3>Ingestion history</h3><xsl:if test="/t:page/t:customer/@tier != 'customer'"><span class="hint">with everything below</span></xsl:if></div>
		<xsl:choose>
			<xsl:when test="sum(t:day/@success) + sum(t:day/@warning) + sum(t:day/@failed) + sum(t:day/@running) = 0"><p class="soft">No run was reported in the last <xsl:value-of select="count(t:day)"/> days.</p></xsl:when>
			<xsl:otherwise><xsl:call-template name="history-picture"/><xsl:call-template name="history-table"/></xsl:otherwise>
		</xsl:choose>
	</section>
</xsl:template>

<!-- A day's runs, failed ones at the bottom; the mark under a day is that of the worst of them. -->
<xsl:template name="history-picture">
	<xsl:variable name="most"><xsl:for-each select="t:day"><xsl:sort select="@success + @warning + @failed + @running" data-type="number" order="descending"/><xsl:if test="position() = 1"><xsl:value-of select="@success + @warning + @failed + @running"/></xsl:if></xsl:for-each></xsl:variable>
	<figure class="history">
		<svg viewBox="0 0 300 52" role="img">
			<xsl:attribute name="aria-label">Runs of the last <xsl:value-of select="count(t:day)"/> days: <xsl:value-of select="format-number(sum(t:day/@success), '#,##0')"/> success, <xsl:value-of select="format-number(sum(t:day/@warning), '#,##0')"/> warning, <xsl:value-of select="format-number(sum(t:day/@failed), '#,##0')"/> failed, <xsl:value-of select="format-number(sum(t:day/@running), '#,##0')"/> running; <xsl:value-of select="format-number(sum(t:day/@rows), '#,##0')"/> rows</xsl:attribute>
			<xsl:for-each select="t:day[@success + @warning + @failed + @running &gt; 0]">
				<xsl:variable name="unit" select="36 div $most"/>
				<g transform="translate({300 - (count(following-sibling::t:day) + 1) * 10} 0)">
					<xsl:if test="@failed &gt; 0"><rect class="failed" x="0" y="{38 - @failed * $unit}" width="8" height="{@failed * $unit}"/></xsl:if>
					<xsl:if test="@warning &gt; 0"><rect class="warning" x="0" y="{38 - (@failed + @warning) * $unit}" width="8" height="{@warning * $unit}"/></xsl:if>
					<xsl:if test="@success &gt; 0"><rect class="success" x="0" y="{38 - (@failed + @warning + @success) * $unit}" width="8" height="{@success * $unit}"/></xsl:if>
					<xsl:if test="@running &gt; 0"><rect class="not_available" x="0" y="{38 - (@failed + @warning + @success + @running) * $unit}" width="8" height="{@running * $unit}"/></xsl:if>
					<xsl:choose>
						<xsl:when test="@failed &gt; 0"><g class="failed"><xsl:call-template name="shape"><xsl:with-param name="state">failed</xsl:with-param></xsl:call-template></g></xsl:when>
						<xsl:when test="@warning &gt; 0"><g class="warning"><xsl:call-template name="shape"><xsl:with-param name="state">warning</xsl:with-param></xsl:call-template></g></xsl:when>
						<xsl:when test="@success &gt; 0"><g class="success"><xsl:call-template name="shape"><xsl:with-param name="state">success</xsl:with-param></xsl:call-template></g></xsl:when>
						<xsl:otherwise><g class="not_available"><xsl:call-template name="shape"/></g></xsl:otherwise>
					</xsl:choose>
				</g>
			</xsl:for-each>
		</svg>
		<figcaption class="hint"><span>Runs by day since <xsl:value-of select="t:day[1]/@date"/></span><span>today</span></figcaption>
	</figure>
</xsl:template>

<xsl:template name="history-table">
	<details>
		<summary>Day by day</summary>
		<div class="scroll rows">
			<table aria-label="Ingestion history">
				<thead><tr><th scope="col">Day</th><th scope="col" class="number">Success</th><th scope="col" class="number">Warning</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Running</th><th scope="col" class="number">Rows</th></tr></thead>
				<tbody>
					<xsl:for-each select="t:day[@success + @warning + @failed + @running &gt; 0]">
						<xsl:sort select="@date" order="descending"/>
						<tr>
							<th scope="row"><xsl:call-template name="day"><xsl:with-param name="at" select="@date"/></xsl:call-template></th>
							<td data-label="Success" class="number"><xsl:value-of select="format-number(@success, '#,##0')"/></td>
							<td data-label="Warning" class="number"><xsl:value-of select="format-number(@warning, '#,##0')"/></td>
							<td data-label="Failed" class="number"><xsl:value-of select="format-number(@failed, '#,##0')"/></td>
							<td data-label="Running" class="number"><xsl:value-of select="format-number(@running, '#,##0')"/></td>
							<td data-label="Rows" class="number"><xsl:value-of select="format-number(@rows, '#,##0')"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</details>
</xsl:template>
</xsl:stylesheet>
