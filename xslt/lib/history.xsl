<?xml version="1.0" encoding="UTF-8"?>
<!-- Ingestion history: runs by day, as a picture and as a table. The context is the element history of the tab Source data. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="history">
	<section class="card pad">
		<div class="head"><h3>Ingestion history</h3><xsl:if test="/t:page/t:customer/@tier != 'customer'"><span class="hint">with everything below</span></xsl:if></div>
		<xsl:choose>
			<xsl:when test="sum(t:day/@success) + sum(t:day/@warning) + sum(t:day/@failed) + sum(t:day/@running) = 0"><p class="soft">No run was reported in the last <xsl:value-of select="count(t:day)"/> days.</p></xsl:when>
			<xsl:otherwise><xsl:call-template name="history-picture"/><xsl:call-template name="history-table"/></xsl:otherwise>
		</xsl:choose>
	</section>
</xsl:template>

<!-- A day's runs: what went well stands on the line, what did not hangs below it, failed ones last; so it can be read without colours. A few among
     many are still to be seen. -->
<xsl:template name="history-picture">
	<xsl:variable name="up"><xsl:for-each select="t:day"><xsl:sort select="@success + @running" data-type="number" order="descending"/><xsl:if test="position() = 1"><xsl:value-of select="@success + @running"/></xsl:if></xsl:for-each></xsl:variable>
	<xsl:variable name="down"><xsl:for-each select="t:day"><xsl:sort select="@warning + @failed" data-type="number" order="descending"/><xsl:if test="position() = 1"><xsl:value-of select="@warning + @failed"/></xsl:if></xsl:for-each></xsl:variable>
	<xsl:variable name="unit" select="42 div ($up + $down)"/>
	<xsl:variable name="line" select="ceiling($up * $unit) + 2"/>
	<figure class="history">
		<svg viewBox="0 0 300 52" width="600" role="img">
			<xsl:attribute name="aria-label">Runs of the last <xsl:value-of select="count(t:day)"/> days: <xsl:value-of select="format-number(sum(t:day/@success), '#,##0')"/> success, <xsl:value-of select="format-number(sum(t:day/@warning), '#,##0')"/> warning, <xsl:value-of select="format-number(sum(t:day/@failed), '#,##0')"/> failed, <xsl:value-of select="format-number(sum(t:day/@running), '#,##0')"/> running; <xsl:value-of select="format-number(sum(t:day/@rows), '#,##0')"/> rows</xsl:attribute>
			<path class="axis" d="M0 {$line}h300v.5H0z"/>
			<xsl:for-each select="t:day">
				<xsl:variable name="success"><xsl:call-template name="bar-part"><xsl:with-param name="size" select="@success * $unit"/></xsl:call-template></xsl:variable>
				<xsl:variable name="running"><xsl:call-template name="bar-part"><xsl:with-param name="size" select="@running * $unit"/></xsl:call-template></xsl:variable>
				<xsl:variable name="warning"><xsl:call-template name="bar-part"><xsl:with-param name="size" select="@warning * $unit"/></xsl:call-template></xsl:variable>
				<xsl:variable name="failed"><xsl:call-template name="bar-part"><xsl:with-param name="size" select="@failed * $unit"/></xsl:call-template></xsl:variable>
				<g transform="translate({(position() - 1) * 10 + 1} {$line})">
					<xsl:if test="$success &gt; 0"><rect class="success" y="{-$success}" width="8" height="{$success}"/></xsl:if>
					<xsl:if test="$running &gt; 0"><rect class="not_available" y="{-$success - $running}" width="8" height="{$running}"/></xsl:if>
					<xsl:if test="$warning &gt; 0"><rect class="warning" y="1" width="8" height="{$warning}"/></xsl:if>
					<xsl:if test="$failed &gt; 0"><rect class="failed" y="{$warning + 1}" width="8" height="{$failed}"/></xsl:if>
				</g>
			</xsl:for-each>
		</svg>
		<figcaption class="hint"><span>Runs by day since <xsl:value-of select="t:day[1]/@date"/></span><span>today</span></figcaption>
	</figure>
	<p class="legend">
		<xsl:call-template name="legend"><xsl:with-param name="state">success</xsl:with-param><xsl:with-param name="word">Success</xsl:with-param><xsl:with-param name="runs" select="sum(t:day/@success)"/></xsl:call-template>
		<xsl:call-template name="legend"><xsl:with-param name="state">warning</xsl:with-param><xsl:with-param name="word">Warning</xsl:with-param><xsl:with-param name="runs" select="sum(t:day/@warning)"/></xsl:call-template>
		<xsl:call-template name="legend"><xsl:with-param name="state">failed</xsl:with-param><xsl:with-param name="word">Failed</xsl:with-param><xsl:with-param name="runs" select="sum(t:day/@failed)"/></xsl:call-template>
		<xsl:call-template name="legend"><xsl:with-param name="state">not_available</xsl:with-param><xsl:with-param name="word">Running</xsl:with-param><xsl:with-param name="runs" select="sum(t:day/@running)"/></xsl:call-template>
	</p>
</xsl:template>

<!-- The height of a part of a bar: halves, and at least two. -->
<xsl:template name="bar-part">
	<xsl:param name="size"/>
	<xsl:choose>
		<xsl:when test="$size = 0">0</xsl:when>
		<xsl:when test="$size &lt; 2">2</xsl:when>
		<xsl:otherwise><xsl:value-of select="ceiling($size * 2) div 2"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="legend">
	<xsl:param name="state"/><xsl:param name="word"/><xsl:param name="runs"/>
	<xsl:if test="$runs &gt; 0"><span class="dot {$state}"><xsl:value-of select="$word"/><xsl:text> </xsl:text><xsl:value-of select="format-number($runs, '#,##0')"/></span></xsl:if>
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
