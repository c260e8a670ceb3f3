<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/contracts: the tab Contracts. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contracts-of']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Contracts</xsl:template>

<xsl:template match="t:page[@kind = 'contracts-of']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<xsl:for-each select="t:contracts">
		<section class="card">
			<xsl:choose>
				<xsl:when test="@add"><div class="tools"><h2>Contracts</h2><span class="end"><a class="button i plus primary" href="{$base}customers/{/t:page/t:customer/@id}/contracts/new"><span>Add contract</span></a></span></div></xsl:when>
				<xsl:otherwise><h2 class="cap">Contracts</h2></xsl:otherwise>
			</xsl:choose>
			<xsl:choose>
				<xsl:when test="t:contract"><xsl:call-template name="contracts-of-table"/></xsl:when>
				<xsl:otherwise><div class="empty"><h3>No contracts yet</h3></div></xsl:otherwise>
			</xsl:choose>
		</section>
	</xsl:for-each>
</xsl:template>

<xsl:template name="contracts-of-table">
	<div class="scroll rows">
		<table aria-label="Contracts">
			<thead><tr><th scope="col">Contract</th><th scope="col" class="c-version">Version</th><th scope="col" class="c-created">Status</th><th scope="col" class="c-start">Start</th><th scope="col" class="c-end-date">End</th><th scope="col" class="c-renewal">Renewal</th><th scope="col" class="c-entitlement">Entitlement</th></tr></thead>
			<tbody>
				<xsl:for-each select="t:contract">
					<tr>
						<th scope="row"><a class="strong" href="{$base}contracts/{@id}"><bdi><xsl:value-of select="@name"/></bdi></a></th>
						<td data-label="Version"><xsl:call-template name="contract-version"/></td>
						<td data-label="Status"><xsl:call-template name="contract-status"/></td>
						<td data-label="Start"><xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template></td>
						<td data-label="End"><xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></td>
						<td data-label="Renewal"><xsl:call-template name="renewal-word"/></td>
						<td data-label="Entitlement"><xsl:call-template name="entitlement-word"/></td>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
	</div>
</xsl:template>
</xsl:stylesheet>
